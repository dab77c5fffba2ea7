//! What the threads and the worker of one pipeline share.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError, RwLock};
use std::thread::Thread;

use super::aside::Aside;
use super::chunk::Chunk;
use super::flushes::Flushes;
use super::pool::{Budget, Pool};
use crate::context::key::Meta;
use crate::stats::Counters;

/// The chunks of all pipelines.
pub(super) static POOL: LazyLock<Pool> = LazyLock::new(Pool::new);

/// The pipelines at work. While there are none, tracing is off, and one load tells.
static ACTIVE: AtomicU32 = AtomicU32::new(0);
/// The pipeline of traces that begin on threads which belong to no pipeline; 0 for none.
static INSTALLED: AtomicU32 = AtomicU32::new(0);
static TABLE: RwLock<Vec<Arc<Shared>>> = RwLock::new(Vec::new());

/// Which traces that begin here, or come from outside, are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// A trace is recorded when the low 56 bits of its ID are at least this; 2^56 means never.
    pub(crate) threshold: u64,
    /// A trace from outside keeps the verdict it came with.
    pub(crate) parent_based: bool,
}

impl Head {
    /// Everything that begins here; what comes from outside keeps its verdict.
    pub(crate) const DEFAULT: Self = Self { threshold: 0, parent_based: true };

    #[inline]
    pub(crate) const fn records(&self, trace: u128) -> bool {
        trace as u64 & ((1 << 56) - 1) >= self.threshold
    }
}

pub(crate) struct Shared {
    pub(crate) number: u32,
    pub(crate) head: Head,
    /// Counts IDs and ticks, for tests.
    pub(crate) deterministic: Option<AtomicU64>,
    pub(crate) counters: Arc<Counters>,
    pub(super) budget: Budget,
    /// The first chunks of logs that the worker has not met yet: a list through `next_free`.
    fresh: AtomicU32,
    pub(super) closed: AtomicBool,
    pub(super) aside: Mutex<Aside>,
    pub(super) flushes: Flushes,
    pub(super) worker: OnceLock<Thread>,
    pub(super) process: u32,
}

impl Shared {
    pub(super) fn new(
        head: Head,
        deterministic: bool,
        log_bytes: usize,
        counters: Arc<Counters>,
    ) -> Option<Arc<Self>> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
        let number = (0..Meta::LAST_PIPELINE)
            .map(|_| NEXT.fetch_add(1, Ordering::Relaxed) % Meta::LAST_PIPELINE + 1)
            .find(|number| table.iter().all(|shared| shared.number != *number))?;
        let shared = Arc::new(Self {
            number,
            head,
            deterministic: deterministic.then(|| AtomicU64::new(1)),
            counters,
            budget: Budget::new(log_bytes),
            fresh: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            aside: Mutex::default(),
            flushes: Flushes::default(),
            worker: OnceLock::new(),
            process: std::process::id(),
        });
        table.push(Arc::clone(&shared));
        ACTIVE.fetch_add(1, Ordering::Relaxed);
        Some(shared)
    }

    /// Adds the first chunk of a thread's log.
    pub(super) fn add_log(&self, chunk: &Chunk) {
        let mut seen = self.fresh.load(Ordering::Relaxed);
        loop {
            chunk.set_next_fresh(seen);
            match self.fresh.compare_exchange_weak(seen, chunk.index(), Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
    }

    /// Takes the first chunks of all logs that were added since the last call.
    pub(super) fn take_fresh(&self) -> impl Iterator<Item = &'static Chunk> {
        let mut next = self.fresh.swap(0, Ordering::Acquire);
        std::iter::from_fn(move || {
            let chunk = POOL.get(next)?;
            next = chunk.next_fresh();
            Some(chunk)
        })
    }

    /// Tells the worker that there is something to do now.
    pub(super) fn wake(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }

    /// From now on nothing more is taken.
    pub(super) fn close(&self) {
        if self.closed.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
        table.retain(|shared| shared.number != self.number);
        let _ = INSTALLED.compare_exchange(self.number, 0, Ordering::Relaxed, Ordering::Relaxed);
        ACTIVE.fetch_sub(1, Ordering::Relaxed);
    }

    /// Makes it the pipeline of traces that begin where no other pipeline is current. `false` when there is one already.
    pub(super) fn install(&self) -> bool {
        INSTALLED.compare_exchange(0, self.number, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Whether no pipeline is at work.
#[inline]
pub(crate) fn is_off() -> bool {
    ACTIVE.load(Ordering::Relaxed) == 0
}

/// The number of the installed pipeline, 0 for none.
#[inline]
pub(crate) fn installed() -> u32 {
    INSTALLED.load(Ordering::Relaxed)
}

/// The pipeline with this number, while it is at work.
pub(crate) fn find(number: u32) -> Option<Arc<Shared>> {
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    table.iter().find(|shared| shared.number == number).cloned()
}
