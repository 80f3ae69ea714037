//! What a browser tells of a page that goes wrong: errors in its console, requests that fail, requests to elsewhere.

use serde_json::Value;

/// What an event says went wrong, if it does.
pub(super) fn trouble(event: &Value, origin: &str) -> Option<String> {
    let told = &event["params"];
    let method = event["method"].as_str()?;
    let trouble = match method {
        "Runtime.exceptionThrown" => {
            let details = &told["exceptionDetails"];
            format!(
                "{} {}",
                details["text"], details["exception"]["description"]
            )
        }
        "Runtime.consoleAPICalled" if told["type"] == "error" => told["args"].to_string(),
        "Log.entryAdded" if told["entry"]["level"] == "error" => {
            format!("{} {}", told["entry"]["text"], told["entry"]["url"])
        }
        // What the page itself gave up, or was left for another page, did not fail.
        "Network.loadingFailed" if told["canceled"] != true => told["errorText"].to_string(),
        "Network.responseReceived" if told["response"]["status"].as_u64() >= Some(400) => {
            format!("{} {}", told["response"]["status"], told["response"]["url"])
        }
        "Network.requestWillBeSent" => {
            let url = told["request"]["url"].as_str().unwrap_or_default();
            let ours = [origin, "data:", "blob:"];
            if ours.iter().any(|start| url.starts_with(start)) {
                return None;
            }
            url.to_owned()
        }
        _ => return None,
    };
    Some(format!("{method}: {trouble}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_and_requests_to_elsewhere_are_troubles() {
        let sent = |url: &str| json!({ "method": "Network.requestWillBeSent", "params": { "request": { "url": url } } });
        let answered = |status: u16| json!({ "method": "Network.responseReceived", "params": { "response": { "status": status } } });
        let said = |kind: &str| json!({ "method": "Runtime.consoleAPICalled", "params": { "type": kind, "args": [] } });
        for (event, found) in [
            (sent("http://a/x"), false),
            (sent("data:,"), false),
            (sent("http://b/x"), true),
            (answered(201), false),
            (answered(404), true),
            (said("log"), false),
            (said("error"), true),
            (json!({ "id": 1 }), false),
        ] {
            assert_eq!(trouble(&event, "http://a/").is_some(), found, "{event}");
        }
    }
}
