//! The body of a response.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::http::server::exchange::{End, Exchange};
use crate::http::server::{Http, Protocol};

pin_project! {
    /// The body of a response of [`Server`](crate::http::Server). The request ends with it: when its last frame was
    /// taken, or, as cancelled, when it is dropped before.
    #[derive(Debug)]
    pub struct ResponseBody<B, P: Protocol = Http> {
        #[pin]
        inner: B,
        exchange: Option<Exchange<P>>,
        // Bytes still to come, where that is known: servers do not ask for the end then.
        left: Option<u64>,
    }
}

impl<B, P: Protocol> ResponseBody<B, P> {
    /// A body that no request ends with.
    pub(super) fn unobserved(inner: B) -> Self {
        Self { inner, exchange: None, left: None }
    }
}

impl<B: Body, P: Protocol> ResponseBody<B, P> {
    pub(super) fn new(inner: B, exchange: Exchange<P>, left: Option<u64>) -> Self {
        if left == Some(0) || inner.is_end_stream() {
            exchange.end(&End::Answered);
            return Self::unobserved(inner);
        }
        Self { inner, exchange: Some(exchange), left }
    }
}

impl<B: Default, P: Protocol> Default for ResponseBody<B, P> {
    fn default() -> Self {
        Self::unobserved(B::default())
    }
}

impl<B, P> Body for ResponseBody<B, P>
where
    B: Body,
    B::Error: Display,
    P: Protocol,
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
        if let Some(Ok(frame)) = &frame
            && let Some(trailers) = frame.trailers_ref()
        {
            exchange.trailed(trailers);
        }
        let mut end = |end: &End<'_>| this.exchange.take().into_iter().for_each(|exchange| exchange.end(end));
        match &frame {
            None => end(&End::Answered),
            Some(Err(error)) => end(&End::Failed {
                error_type: std::any::type_name::<B::Error>(),
                message: &error.to_string(),
            }),
            // Servers do not ask what comes after them.
            Some(Ok(frame)) if frame.is_trailers() => end(&End::Answered),
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
