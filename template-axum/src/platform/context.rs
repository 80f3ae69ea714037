//! Correlation: the request id and the W3C trace context of the request being served.
//!
//! A task-local set around the request's future, not a span: log lines read it, and it costs next to nothing. A task
//! that a handler spawns does not inherit it: use [`spawn`]. A call to another service passes it on: [`Context::inject`].

use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use tokio::task::JoinHandle;
use tokio::task::futures::TaskLocalFuture;
use uuid::fmt::Hyphenated;
use uuid::{Builder, Uuid};

use super::clock;
use crate::metrics::Parent;
use crate::metrics::span::{self, Span};

/// Taken from the caller when it is harmless, echoed on every response, sent with every call.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

tokio::task_local! {
    static CURRENT: Context;
}

/// What ties together all that happens for one request. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Context(Arc<Ids>);

#[derive(Debug)]
struct Ids {
    request_id: RequestId,
    /// `00-<trace id>-<span id of this service>-<flags>`
    traceparent: [u8; 55],
    tracestate: Option<HeaderValue>,
    span: Option<Span>,
}

impl Context {
    /// Continues what the caller sent, where that is well formed; begins anew where not. `begin` begins the span that is
    /// exported, if one is: then the ids are that span's.
    pub(crate) fn of(
        headers: &HeaderMap,
        at: Instant,
        begin: impl FnOnce(Option<Parent<'_>>) -> Option<Span>,
    ) -> Self {
        // Random in its last 62 bits: enough for a span id, and as a trace id it is what W3C asks for.
        let fresh = fresh_id(at);
        let given = sole(headers, &REQUEST_ID).filter(|id| is_harmless(id.as_bytes()));
        let request_id = match given {
            Some(id) => RequestId::Given(id.clone()),
            None => RequestId::made(fresh),
        };
        let mut buffer = Uuid::encode_buffer();
        let fresh = &*fresh.simple().encode_lower(&mut buffer);
        let mut parent =
            sole(headers, &TRACEPARENT).and_then(|parent| parse_traceparent(parent.to_str().ok()?));
        let tracestate = parent.as_ref().and_then(|_| headers.get(TRACESTATE));
        if let Some(parent) = &mut parent {
            parent.state = tracestate.and_then(|state| state.to_str().ok());
        }
        let (trace_id, flags) = parent
            .as_ref()
            .map_or((fresh, "00"), |parent| (parent.trace_id, parent.flags));
        let fresh = traceparent(trace_id, &fresh[16..], flags);
        let span = begin(parent);
        let traceparent = span.as_ref().map_or(fresh, Span::traceparent);
        Self(Arc::new(Ids {
            request_id,
            traceparent,
            tracestate: tracestate.cloned(),
            span,
        }))
    }

    /// The context of the request that the running task serves.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Shows `look` the context that [`Context::current`] would clone.
    pub(crate) fn with_current<T>(look: impl FnOnce(&Self) -> T) -> Option<T> {
        CURRENT.try_with(look).ok()
    }

    /// 1–128 characters of `[A-Za-z0-9._-]`.
    pub fn request_id(&self) -> &str {
        str::from_utf8(self.ids().0).unwrap_or_default()
    }

    /// 32 lower-case hexadecimal digits.
    pub fn trace_id(&self) -> &str {
        str::from_utf8(self.ids().1).unwrap_or_default()
    }

    /// The request id and the trace id, as log lines have them.
    pub(super) fn ids(&self) -> (&[u8], &[u8]) {
        (self.0.request_id.as_bytes(), &self.0.traceparent[3..35])
    }

    /// The request id, ready to be sent.
    pub(crate) fn request_id_header(&self) -> HeaderValue {
        self.0.request_id.header()
    }

    /// The span of this request that is exported, if one is.
    pub(crate) fn span(&self) -> Option<&Span> {
        self.0.span.as_ref()
    }

    /// Puts the request id and the trace context on a call to another service.
    pub fn inject(&self, headers: &mut HeaderMap) {
        headers.insert(REQUEST_ID, self.request_id_header());
        if let Ok(traceparent) = HeaderValue::from_bytes(&self.0.traceparent) {
            headers.insert(TRACEPARENT, traceparent);
        }
        if let Some(tracestate) = &self.0.tracestate {
            headers.insert(TRACESTATE, tracestate.clone());
        }
    }

    /// Runs `part` as a part of this request.
    pub fn enter<T>(&self, part: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self.clone(), || span::entered(self.span(), part))
    }

    /// Runs `future` as a part of this request.
    pub fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        let future = span::within(self.span(), future);
        CURRENT.scope(self, future)
    }
}

/// A future in the scope of a context.
pub(super) type Scoped<F> = TaskLocalFuture<Context, F>;

/// As [`Context::scope`], of a future that enters the span by itself: so it has a name, and needs no box.
pub(super) fn scoped<F: Future>(context: Context, future: F) -> Scoped<F> {
    CURRENT.scope(context, future)
}

/// The caller's, or one that was made here: in place, since every request has one and few have it sent elsewhere.
#[derive(Debug)]
enum RequestId {
    Given(HeaderValue),
    Made([u8; Hyphenated::LENGTH]),
}

impl RequestId {
    fn made(id: Uuid) -> Self {
        let mut text = [0; Hyphenated::LENGTH];
        id.hyphenated().encode_lower(&mut text);
        Self::Made(text)
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Given(header) => header.as_bytes(),
            Self::Made(text) => text,
        }
    }

    fn header(&self) -> HeaderValue {
        match self {
            Self::Given(header) => header.clone(),
            Self::Made(text) => {
                HeaderValue::from_bytes(text).unwrap_or(HeaderValue::from_static("-"))
            }
        }
    }
}

/// As `tokio::spawn`, and what the task logs carries the ids of the request that spawned it.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    match Context::current() {
        Some(context) => tokio::spawn(context.scope(future)),
        None => tokio::spawn(future),
    }
}

/// A version 7 UUID from a generator per thread, seeded by the operating system once: asking it each time costs more than all
/// else the platform does for a request. Unique, but no secret.
fn fresh_id(at: Instant) -> Uuid {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(Uuid::now_v7().as_u64_pair().1);
    }
    // SplitMix64.
    let next = || {
        let state = STATE.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        STATE.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let random = (u128::from(next()) << 64 | u128::from(next())).to_be_bytes();
    let millis = u64::try_from(clock::since_epoch(at).as_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, random.first_chunk().unwrap_or(&[0; 10]))
        .into_uuid()
}

/// A header that is there once: of two, neither can be trusted. Looks through all of them, since most requests have few,
/// and this one is mostly missing: to hash its name takes longer.
fn sole<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut found = headers.iter().filter(|(it, _)| *it == name);
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}

fn is_harmless(id: &[u8]) -> bool {
    (1..=128).contains(&id.len())
        && id
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
}

/// `00-<trace id>-<span id>-<flags>`, of 32, 16 and 2 hexadecimal digits.
pub(crate) fn traceparent(trace_id: &str, span_id: &str, flags: &str) -> [u8; 55] {
    let mut text = *b"00-00000000000000000000000000000000-0000000000000000-00";
    text[3..35].copy_from_slice(trace_id.as_bytes());
    text[36..52].copy_from_slice(span_id.as_bytes());
    text[53..].copy_from_slice(flags.as_bytes());
    text
}

/// The caller's span, when the header keeps to the recommendation.
fn parse_traceparent(header: &str) -> Option<Parent<'_>> {
    let mut parts = header.splitn(5, '-');
    let (version, trace_id, span_id, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let well_formed = hex(version, 2) && hex(trace_id, 32) && hex(span_id, 16) && hex(flags, 2);
    let zero = |text: &str| text.bytes().all(|b| b == b'0');
    // Version 00 has four parts; later ones may have more, and ff is none.
    let known = version != "ff" && (version != "00" || parts.next().is_none());
    (well_formed && known && !zero(trace_id) && !zero(span_id)).then_some(Parent {
        trace_id,
        span_id,
        flags,
        state: None,
    })
}
