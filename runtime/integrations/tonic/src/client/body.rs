//! The messages of an answer.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::Status;

use crate::BoxError;
use crate::client::call::Call;

pin_project! {
    /// The body of an answer to [`Client`](crate::Client): frames go through it as they are. The call ends with it: with the
    /// status in its trailers, or, as cancelled, when it is dropped before.
    #[derive(Debug, Default)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: B,
        call: Option<Call>,
    }
}

impl<B> ResponseBody<B> {
    pub(super) fn new(inner: B, call: Option<Call>) -> Self {
        Self { inner, call }
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    type Data = B::Data;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, Status>>> {
        let this = self.project();
        let frame = ready!(this.inner.poll_frame(cx));
        let frame = frame.map(|frame| frame.map_err(|error| Status::from_error(error.into())));
        let has_ended = !matches!(&frame, Some(Ok(frame)) if frame.is_data());
        if let Some(call) = this.call.take_if(|_| has_ended) {
            match &frame {
                Some(Ok(frame)) => call.completed(frame.trailers_ref()),
                Some(Err(status)) => call.failed(status),
                None => call.completed(None),
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
