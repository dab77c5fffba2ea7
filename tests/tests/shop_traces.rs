//! The `shop` example: each request is one trace through the processes that it crosses, also with servers of others between them.

use opentelemetry_proto::tonic::trace::v1::Span;
use throughline_test_servers::{Postgres, RabbitMq};
use throughline_tests::rag::received::{int, text};
use throughline_tests::rag::{Finished, Program, Received};
use throughline_tests::receiver::Receiver;

/// The requests, in the order in which they are sent.
const PLAIN: usize = 0;
const REFUSED: usize = 1;
const RETRIED: usize = 2;
const SLOW: usize = 3;
const ONE_BY_ONE: usize = 4;

/// What a queue calls what it does.
struct Queue {
    enqueue: &'static str,
    process: &'static str,
    error: &'static str,
}

const APALIS: Queue = Queue {
    enqueue: "enqueue orders",
    process: "process orders",
    error: "alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>",
};

const RABBITMQ: Queue =
    Queue { enqueue: "publish orders", process: "process orders", error: "anyhow::Error" };

const AUTHENTICATED: &str = "    shop.Auth/Authenticate (client)
      shop.Auth/Authenticate (server)
        look_up (internal)
";

const NOTIFIED: &str = "  notify (internal)
    POST (client)
      POST /notifications (server)
";

const NOT_NOTIFIED: &str = "  notify (internal) error=anyhow::Error
    POST (client) error=503
      POST /notifications (server) error=503
";

/// A run of the shop, and what it sent.
struct Run {
    queue: Queue,
    received: Received,
    stdout: String,
    request_ids: Vec<String>,
}

impl Run {
    fn new(queue: Queue, variables: &[(&str, &str)]) -> Self {
        let receiver = Receiver::answering([]);
        let program = Program::example("shop").otlp(&receiver.endpoint());
        let program = variables.iter().fold(program, |program, (name, value)| program.env(name, value));
        let Finished { stdout, .. } = program.run().success();
        let ids = stdout.lines().filter_map(|line| line.strip_prefix("The log of ")?.strip_suffix(':'));
        let request_ids: Vec<String> = ids.map(str::to_owned).collect();
        assert_eq!(request_ids.len(), 5, "{stdout}");
        Self { queue, received: Received::by(&receiver), stdout, request_ids }
    }

    /// The roots of a request, the first one first.
    fn roots(&self, request: usize) -> Vec<&Span> {
        let id = &*self.request_ids[request];
        self.received.roots().into_iter().filter(|root| text(root, "request.id") == Some(id)).collect()
    }

    #[track_caller]
    fn only_root(&self, request: usize) -> &Span {
        let [root] = self.roots(request)[..] else { panic!("{}", self.received.forest()) };
        root
    }

    #[track_caller]
    fn span<'a>(&'a self, root: &'a Span, name: &'a str) -> &'a Span {
        let [span] = self.received.named(root, name)[..] else { panic!("{}", self.received.tree(root)) };
        span
    }

    /// An order that goes well: what the catalog does, and what becomes of its job.
    fn order(&self, catalog: &str, job: &str) -> String {
        let Queue { enqueue, process, error } = &self.queue;
        let error = if job == NOTIFIED { String::new() } else { format!(" error={error}") };
        let catalog = indented(catalog, 8);
        let job = indented(job, 6);
        format!(
            "POST /orders (server)\n  place (internal)\n{AUTHENTICATED}    shop.Catalog/Reserve (client)\n      \
             shop.Catalog/Reserve (server)\n{catalog}    {enqueue} (producer)\n      {process} (consumer){error}\n{job}"
        )
    }

    fn check(&self) {
        let reserved = |lookups: usize, lines: usize| {
            let (select, update) = ("  SELECT items (client)\n", "    UPDATE items (client)\n");
            format!(
                "reserve (internal)\n{}  take (internal)\n    BEGIN (client)\n{}    COMMIT (client)\n",
                select.repeat(lookups),
                update.repeat(lines)
            )
        };
        let tree = |request| self.received.tree(self.only_root(request));
        assert_eq!(tree(PLAIN), self.order(&reserved(1, 1), NOTIFIED));
        assert_eq!(tree(ONE_BY_ONE), self.order(&reserved(8, 8), NOTIFIED));
        let counted = "report (internal)\n  SELECT SELECT SELECT (client)\n".to_owned() + &reserved(1, 1);
        assert_eq!(tree(SLOW), self.order(&counted, NOTIFIED));
        self.check_refused(&tree(REFUSED));
        self.check_retried(&self.order(&reserved(1, 1), NOT_NOTIFIED));
        self.check_output();
    }

    fn check_refused(&self, tree: &str) {
        let refused = "throughline_example_shop::role::catalog::store::Refused";
        let expected = format!(
            "POST /orders (server)\n  place (internal) error=tonic::status::Status\n{AUTHENTICATED}    \
             shop.Catalog/Reserve (client) error=NOT_FOUND\n      shop.Catalog/Reserve (server)\n        \
             reserve (internal) error={refused}\n          SELECT items (client)\n"
        );
        assert_eq!(tree, expected);
    }

    /// The job is in the trace of its order at first, and then in one of its own that is linked to the enqueueing.
    fn check_retried(&self, first_tree: &str) {
        let roots = self.roots(RETRIED);
        let [first, second] = roots[..] else { panic!("{}", self.received.forest()) };
        assert_eq!(self.received.tree(first), first_tree);
        let process = self.queue.process;
        assert_eq!(self.received.tree(second), format!("{process} (consumer)\n{NOTIFIED}"));
        assert_ne!(first.trace_id, second.trace_id);
        let enqueue = self.span(first, self.queue.enqueue);
        let links: Vec<_> = second.links.iter().map(|link| (&link.trace_id, &link.span_id)).collect();
        assert_eq!(links, [(&enqueue.trace_id, &enqueue.span_id)]);
        let attempt = |span| int(span, "job.attempt");
        assert_eq!((attempt(self.span(first, process)), attempt(second)), (Some(1), Some(2)));
    }

    fn check_output(&self) {
        let states: Vec<&str> =
            self.stdout.lines().filter_map(|line| line.strip_prefix("Its states: ")).collect();
        let completed = "received → authenticated → processing → queued → completed";
        let failed = "received → authenticated → processing → failed";
        assert_eq!(states, [completed, failed, completed, completed, completed]);
        // Lines of all five processes under one request ID.
        let of_first = self.stdout.split("── ").nth(1).expect("the first order");
        for service in ["gateway ", "auth ", "catalog ", "worker ", "notifier "] {
            let is_of = |line: &str| line.split_once(' ').is_some_and(|(_, rest)| rest.starts_with(service));
            assert!(of_first.lines().any(|line| is_of(line.trim_start())), "{service}in\n{of_first}");
        }
    }
}

fn indented(lines: &str, columns: usize) -> String {
    lines.lines().map(|line| format!("{:columns$}{line}\n", "")).collect()
}

#[test]
fn each_request_is_one_trace_through_five_processes_and_a_job_that_is_tried_again_a_linked_one() {
    Run::new(APALIS, &[]).check();
}

#[test]
fn the_same_holds_with_rabbitmq_and_postgresql_between_the_processes() {
    let (Some(rabbitmq), Some(postgres)) = (RabbitMq::start(), Postgres::start()) else { return };
    let (amqp, database) = (rabbitmq.uri(), postgres.url());
    Run::new(RABBITMQ, &[("AMQP_URL", &amqp), ("DATABASE_URL", &database)]).check();
}
