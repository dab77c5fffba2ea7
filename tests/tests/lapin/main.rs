//! Messages through RabbitMQ.

mod broker;
mod delivering;
mod hostile;
mod hostile_sent;
mod killed;
mod publishing;
mod redelivering;
