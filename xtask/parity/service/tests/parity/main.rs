//! What the twin answered, asked of this service again. Every difference is one that `differences.json` names, with its
//! reason; and whatever it names is a difference.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod answers;
mod corpus;
mod differences;
mod document;
mod ledger;
mod own;
mod schema;

use serde_json::Value;
use service::shop;

use self::answers::Shop;
use self::ledger::Ledger;

const NAMED: &str = include_str!("differences.json");

#[tokio::test]
async fn requests_are_answered_as_in_fastapi() {
    let mut ledger = Ledger::new(NAMED);
    let shop = Shop::new();
    for story in corpus::stories() {
        let service = shop.open().await;
        for case in story {
            let seen = answers::send(&service, &case.request).await;
            ledger.answer(&case, &seen);
        }
    }
    report(&ledger.faults_of_answers());
}

#[test]
fn the_document_tells_what_fastapi_tells() {
    let ours = shop::routes().document(shop::info());
    assert!(ours.faults.is_empty(), "{:#?}", ours.faults);
    let theirs: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
    let mut ledger = Ledger::new(NAMED);
    for difference in document::unlike(&theirs, &ours.json) {
        ledger.told(&difference);
    }
    report(&ledger.faults_of_document());
}

fn report(faults: &[String]) {
    let (count, all) = (faults.len(), faults.join("\n"));
    assert!(count == 0, "{count} faults\n{all}");
}
