//! Functions that are the same with and without `async` in front.

/// The functions, the table of their calls.
macro_rules! bodies {
    ($annotation:meta, [$($async:tt)?], $way:ident) => {
        #[$annotation]
        $($async)? fn unused(_a: Noted, _b: Noted) {}

        #[$annotation]
        $($async)? fn used(a: Noted, mut b: Noted, c: &Noted) -> usize {
            let n = b.len();
            $way!(pause);
            b = noted("b again");
            a.len() + b.len() + c.len() + n
        }

        #[$annotation]
        $($async)? fn moved(a: Noted, b: Noted, c: Noted) -> Result<usize, String> {
            drop(b);
            $way!(pause);
            let inner = move || c.ok();
            let _after = noted("after");
            inner().map(|n| n + a.len())
        }

        #[$annotation]
        $($async)? fn without_a_name(a: Noted, _: Noted, b: Noted, _: Noted) -> Option<usize> {
            $way!(pause);
            Some(a.len() + b.len())
        }

        #[$annotation]
        $($async)? fn patterns(
            (a, _): (Noted, Noted),
            Pair { one, .. }: Pair,
            [first, .., last]: [Noted; 3],
            ref by_reference: Noted,
            whole @ Pair { .. }: Pair,
            (_, (mut inner, _)): (Noted, (Noted, Noted)),
        ) -> usize {
            let n = inner.len();
            $way!(pause);
            inner = noted("inner again");
            n + a.len() + one.len() + first.len() + last.len() + by_reference.len() + inner.len() + whole.one.len()
        }

        #[$annotation]
        $($async)? fn in_part(pair: Pair, other: Pair) -> Noted {
            let _two = pair.two;
            $way!(pause);
            other.one
        }

        #[$annotation]
        $($async)? fn locals(_a: Noted) -> Result<usize, String> {
            let _first = noted("first");
            let _ = noted("at once");
            let _extended = &noted("extended");
            noted("statement").len();
            $way!(pause);
            let _second = noted("second");
            Ok(1)
        }

        #[$annotation]
        $($async)? fn temporaries(_a: Noted) -> Result<usize, String> {
            let _local = noted("local");
            $way!(pause);
            noted("outer temporary").ok().map(|n| n + noted("inner temporary").len())
        }

        #[$annotation]
        $($async)? fn temporaries_for_nothing(_a: Noted) {
            let _local = noted("local");
            $way!(pause);
            drop(noted("temporary").ok())
        }

        #[$annotation]
        $($async)? fn temporaries_of_a_number(a: Noted) -> usize {
            let _local = noted("local");
            $way!(pause);
            a.len() + noted("left").and(&noted("right"))
        }

        #[$annotation]
        $($async)? fn temporaries_of_a_match(_a: Noted) -> Result<usize, String> {
            let _local = noted("local");
            match noted("scrutinee").ok() {
                Ok(n) => {
                    let _arm = noted("arm");
                    $way!(pause);
                    noted("temporary of the arm").ok().map(|m| n + m)
                }
                error => error,
            }
        }

        #[$annotation]
        $($async)? fn temporaries_of_a_condition(_a: Noted) -> Option<usize> {
            let _local = noted("local");
            if let Err(error) = noted("scrutinee").ok() {
                Some(error.len())
            } else {
                $way!(pause);
                let _otherwise = noted("otherwise");
                noted("temporary").ok().ok()
            }
        }

        #[$annotation]
        $($async)? fn temporaries_that_go_wrong(_a: Noted) -> Result<usize, String> {
            let _local = noted("local");
            $way!(pause);
            Ok(noted("right").len() + noted("wrong").ok()?)
        }

        #[$annotation]
        $($async)? fn early(a: Noted, b: Noted) -> Result<usize, String> {
            let _first = noted("first");
            $way!(pause);
            if a.len() == 1 {
                let _inner = noted("inner");
                return noted("returned").ok();
            }
            let _second = noted("second");
            b.ok()
        }

        #[$annotation]
        $($async)? fn early_from_a_loop(a: Noted) -> Option<usize> {
            let mut n = 0;
            let found = 'outer: loop {
                let _turn = noted("turn");
                for _ in 0..2 {
                    let _inner = noted("inner");
                    n += 1;
                    if n == 3 {
                        break 'outer noted("found");
                    }
                }
                $way!(pause);
            };
            Some(a.len() + found.len())
        }

        #[$annotation]
        $($async)? fn asked(_a: Noted, wrong: Noted) -> Result<usize, String> {
            let _first = noted("first");
            $way!(pause);
            let n = wrong.ok()?;
            let _second = noted("second");
            Ok(n)
        }

        #[$annotation]
        $($async)? fn panics(_a: Noted, _: Noted) -> Result<usize, String> {
            let _local = noted("local");
            $way!(pause);
            noted("temporary").ok().map(|_| std::panic::resume_unwind(Box::new(1)))
        }

        #[$annotation]
        $($async)? fn diverges(_a: Noted) -> ! {
            let _local = noted("local");
            $way!(pause);
            std::panic::resume_unwind(Box::new(1));
        }

        #[$annotation]
        $($async)? fn returns_what_it_got(a: Noted, _b: Noted) -> Noted {
            $way!(pause);
            a
        }

        #[$annotation]
        $($async)? fn opaque(a: Noted, _b: Noted) -> impl Fn() -> usize {
            let _local = noted("local");
            $way!(pause);
            move || a.len()
        }

        #[$annotation]
        #[must_use = "it says how long"]
        $($async)? fn must_be_used(a: Noted, (_, b): (Noted, Noted), _: Noted) -> Result<usize, String> {
            let _local = noted("local");
            $way!(pause);
            noted("temporary").ok().map(|n| n + a.len() + b.len())
        }

        struct Owner {
            pair: Pair,
            _rest: Noted,
        }

        impl Owner {
            const fn new() -> Self {
                Self { pair: pair(), _rest: noted("rest") }
            }

            #[$annotation]
            $($async)? fn consumes(self, _a: Noted) -> Result<usize, String> {
                let _local = noted("local");
                $way!(pause);
                self.pair.one.ok()
            }

            #[$annotation]
            $($async)? fn ignores_itself(self, _: Noted, _b: Noted) -> Result<usize, String> {
                let _local = noted("local");
                $way!(pause);
                Ok(1)
            }

            #[$annotation]
            $($async)? fn changes(mut self, a: Noted) -> Result<Noted, String> {
                self.pair.one = a;
                $way!(pause);
                Ok(self.pair.two)
            }

            #[$annotation]
            $($async)? fn borrows(&self, _a: Noted) -> Result<usize, String> {
                $way!(pause);
                self.pair.one.ok()
            }

            #[$annotation]
            $($async)? fn borrows_to_change(&mut self, a: Noted, _b: Noted) -> Result<(), String> {
                $way!(pause);
                self.pair.one = a;
                Ok(())
            }

            #[$annotation]
            $($async)? fn boxed(self: Box<Self>, _a: Noted) -> Result<usize, String> {
                let _two = self.pair.two;
                $way!(pause);
                Ok(1)
            }

            #[$annotation]
            $($async)? fn shared(self: std::rc::Rc<Self>, _a: Noted) -> Result<usize, String> {
                $way!(pause);
                Ok(1)
            }

            #[$annotation]
            $($async)? fn pinned(self: std::pin::Pin<Box<Self>>, _: Noted) -> Result<usize, String> {
                $way!(pause);
                self.pair.one.ok()
            }
        }

        pub(super) const CASES: &[Case] = &{
            macro_rules! case {
                ($name:literal, $call:expr) => {
                    Case { name: concat!($(stringify!($async), " ",)? $name), run: |until| $way!($call, until) }
                };
            }
            [
                case!("unused", unused(noted("a"), noted("b"))),
                case!("used", used(noted("a"), noted("b"), &noted("c"))),
                case!("moved", moved(noted("a"), noted("b"), noted("c"))),
                case!("without_a_name", without_a_name(noted("a"), noted("_1"), noted("b"), noted("_2"))),
                case!(
                    "patterns",
                    patterns(
                        (noted("a"), noted("beside a")),
                        pair(),
                        [noted("first"), noted("middle"), noted("last")],
                        noted("by reference"),
                        Pair { one: noted("one of the whole"), two: noted("two of the whole") },
                        (noted("left"), (noted("inner"), noted("right"))),
                    )
                ),
                case!("in_part", in_part(pair(), Pair { one: noted("other one"), two: noted("other two") })),
                case!("locals", locals(noted("a"))),
                case!("temporaries", temporaries(noted("a"))),
                case!("temporaries_for_nothing", temporaries_for_nothing(noted("a"))),
                case!("temporaries_of_a_number", temporaries_of_a_number(noted("a"))),
                case!("temporaries_of_a_match", temporaries_of_a_match(noted("a"))),
                case!("temporaries_of_a_condition", temporaries_of_a_condition(noted("a"))),
                case!("temporaries_that_go_wrong", temporaries_that_go_wrong(noted("a"))),
                case!("early", early(noted("a"), noted("b"))),
                case!("early_from_a_loop", early_from_a_loop(noted("a"))),
                case!("asked", asked(noted("a"), noted("wrong"))),
                case!("panics", panics(noted("a"), noted("_"))),
                case!("diverges", diverges(noted("a"))),
                case!("returns_what_it_got", returns_what_it_got(noted("a"), noted("b"))),
                case!("opaque", opaque(noted("a"), noted("b"))),
                case!("must_be_used", must_be_used(noted("a"), (noted("left"), noted("right")), noted("_"))),
                case!("consumes", Owner::new().consumes(noted("a"))),
                case!("ignores_itself", Owner::new().ignores_itself(noted("_"), noted("b"))),
                case!("changes", Owner::new().changes(noted("a"))),
                case!("borrows", Owner::new().borrows(noted("a"))),
                case!("borrows_to_change", Owner::new().borrows_to_change(noted("a"), noted("b"))),
                case!("boxed", Box::new(Owner::new()).boxed(noted("a"))),
                case!("shared", std::rc::Rc::new(Owner::new()).shared(noted("a"))),
                case!("pinned", Box::pin(Owner::new()).pinned(noted("_"))),
            ]
        };
    };
}

pub(crate) use bodies;
