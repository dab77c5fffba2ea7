//! Messages through RabbitMQ.

mod broker;
mod delivering;
mod hostile;
mod killed;
mod publishing;
mod redelivering;
