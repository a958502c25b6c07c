"""Prometheus metrics that more than one service has. A service's own stand with what they count."""

from prometheus_client import Counter, Gauge, Histogram

ACCEPTED = Counter("kith_accepted_total", "Events accepted: durable before the 2xx.", ["channel", "type"])
REFUSED = Counter("kith_refused_total", "Requests refused, nothing published.", ["channel", "reason"])
DEDUPLICATED = Counter(
    "kith_deduplicated_total", "Deliveries that had come before, without a second effect.", ["topic"]
)
UNKNOWN_UPDATES = Counter("kith_unknown_updates_total", "Updates kept that we do not know yet.", ["channel", "kind"])
PASSED_OVER = Counter(
    "kith_passed_over_total",
    "Parts of genuine webhooks that are nobody's here, or our own echo.",
    ["channel", "why"],
)
RECOGNISED = Counter("kith_recognised_total", "Messages whose sender identity recognised.", ["channel"])
LINKED = Counter("kith_linked_total", "Chat contacts linked to a client.", ["how", "strength"])
SENT = Counter(
    "kith_deliveries_total", "What became of messages that were to be sent.", ["channel", "status", "reason"]
)
EMAILS = Counter("kith_emails_total", "What became of emails to agents; `later` counts each time.", ["status"])
PUSHES = Counter("kith_pushes_total", "What became of pushes to agents' browsers.", ["outcome"])
OUTBOX_AGE = Gauge("kith_outbox_age_seconds", "Age of the oldest change that is not published yet.", ["service"])
DIGEST_DIFFERENCES = Counter(
    "kith_digest_differences_total",
    "States that a topic lacked, had older, had without an owner, or had newer than its owner's database.",
    ["service", "topic", "kind"],
)
LAG = Gauge("kith_consumer_lag", "Records that a consumer has still to handle.", ["topic", "group"])
DEAD_LETTERS = Counter("kith_dead_letters_total", "Records put aside.", ["topic", "group", "why"])
RETRIES = Counter("kith_retries_total", "Batches tried again in place.", ["topic", "group", "why"])
BATCH_SECONDS = Histogram("kith_batch_seconds", "Time to handle one batch.", ["topic", "group"])
UNACKNOWLEDGED = Gauge("kith_unacknowledged_bytes", "Bytes that wait for the broker's acknowledgement.")
PRODUCER_REPLACED = Counter("kith_producer_replaced_total", "Producers replaced after a final error.")
TAIL_AGE = Gauge("kith_tail_age_seconds", "How old what we know of a tailed topic is.", ["topic"])
STREAMS = Gauge("kith_live_streams", "Open live streams.", ["kind"])
