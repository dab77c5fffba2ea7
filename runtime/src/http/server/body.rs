//! The body of a response.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::http::server::exchange::{End, Exchange};

pin_project! {
    /// The body of a response of [`Server`](crate::http::Server). The request ends with it: when its last frame was
    /// taken, or, as cancelled, when it is dropped before.
    #[derive(Debug, Default)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: B,
        exchange: Option<Exchange>,
        // Bytes still to come, where that is known: servers do not ask for the end then.
        left: Option<u64>,
    }
}

impl<B> ResponseBody<B> {
    /// A body that no request ends with.
    pub(super) fn unobserved(inner: B) -> Self {
        Self { inner, exchange: None, left: None }
    }
}

impl<B: Body> ResponseBody<B> {
    pub(super) fn new(inner: B, exchange: Exchange, left: Option<u64>) -> Self {
        if left == Some(0) || inner.is_end_stream() {
            exchange.end(&End::Answered);
            return Self::unobserved(inner);
        }
        Self { inner, exchange: Some(exchange), left }
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body,
    B::Error: Display,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let Some(exchange) = this.exchange.as_mut() else { return this.inner.poll_frame(cx) };
        let frame = ready!(exchange.work(|| this.inner.as_mut().poll_frame(cx)));
        let mut end = |end: &End<'_>| this.exchange.take().into_iter().for_each(|exchange| exchange.end(end));
        match &frame {
            None => end(&End::Answered),
            Some(Err(error)) => end(&End::Failed {
                error_type: std::any::type_name::<B::Error>(),
                message: &error.to_string(),
            }),
            Some(Ok(frame)) => {
                let bytes = frame.data_ref().map_or(0, |data| data.remaining() as u64);
                *this.left = this.left.map(|left| left.saturating_sub(bytes));
                if *this.left == Some(0) || this.inner.is_end_stream() {
                    end(&End::Answered);
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
