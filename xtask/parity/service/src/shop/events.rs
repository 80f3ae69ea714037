//! `GET /orders/{number}/events`: a stream, one event a line.

use std::pin::Pin;
use std::task::{Context, Poll};

use aide::openapi::{MediaType, Response as Answer};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde::Serialize;

use super::orders::{OrderPath, OrderStatus};
use super::store::Shop;
use crate::api::{Api, Described, Output};
use crate::error::ApiError;

const KIND: &str = "application/x-ndjson";

pub(super) fn routes() -> Api {
    Api::new()
        .get("/orders/{number}/events", stream_events)
        .fails(&[StatusCode::NOT_FOUND])
        .tag("orders")
}

#[derive(Serialize)]
struct Event {
    order: u64,
    event: OrderStatus,
}

async fn stream_events(
    State(shop): State<Shop>,
    Path(OrderPath { number }): Path<OrderPath>,
) -> Result<Lines<impl Iterator<Item = Event>>, ApiError> {
    let now = shop.order(number)?.status;
    let placed = OrderStatus::Placed;
    let later = (now != placed).then_some(now);
    let all = std::iter::once(placed).chain(later);
    Ok(Lines(all.map(move |event| Event {
        order: number,
        event,
    })))
}

/// An answer that is sent line by line, as its reader takes them.
struct Lines<I>(I);

impl<I, T> hyper::body::Body for Lines<I>
where
    I: Iterator<Item = T> + Unpin,
    T: Serialize,
{
    type Data = Bytes;
    type Error = serde_json::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let line = self.0.next().map(|event| {
            let mut line = serde_json::to_vec(&event)?;
            line.push(b'\n');
            Ok(Frame::data(line.into()))
        });
        Poll::Ready(line)
    }
}

impl<I, T> IntoResponse for Lines<I>
where
    I: Iterator<Item = T> + Send + Unpin + 'static,
    T: Serialize,
{
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, KIND)], Body::new(self)).into_response()
    }
}

impl<I, T> Output for Lines<I>
where
    I: Iterator<Item = T> + Send + Unpin + 'static,
    T: Serialize,
{
    fn describe(described: &mut Described<'_>) {
        let answer = Answer {
            description: "One event a line".into(),
            content: [(KIND.to_owned(), MediaType::default())]
                .into_iter()
                .collect(),
            ..Answer::default()
        };
        described.answers(StatusCode::OK, answer);
    }
}
