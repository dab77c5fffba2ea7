//! Messages through RabbitMQ.

mod broker;
mod delivering;
mod hostile;
mod publishing;
mod redelivering;
