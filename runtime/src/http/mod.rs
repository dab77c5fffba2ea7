//! tower layers for servers and clients.
