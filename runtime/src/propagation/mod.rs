//! Context in carriers: W3C Trace Context, W3C Baggage, request IDs.
