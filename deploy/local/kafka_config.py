"""The files that a one-node broker reads."""

from pathlib import Path

BROKER = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
controller.quorum.voters=1@127.0.0.1:{controller_port}
log.dirs={data}
# A topic that nobody declared is a mistake, not a topic.
auto.create.topics.enable=false
# One node holds every replica there is.
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# One machine, a handful of clients: few threads, few files, no waiting for members who never come.
num.partitions=1
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
background.threads=4
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=16777216
log.segment.bytes=134217728
log.retention.hours=168
# After a kill -9 the node waits until its own earlier session ends: short ones make a restart take 4 to 7 s, not 11.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""

LOGGING = """\
status=error
rootLogger.level=info
rootLogger.appenderRef.stdout.ref=STDOUT
appender.stdout.type=Console
appender.stdout.name=STDOUT
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=[%d] %p %m (%c)%n
"""


def write(folder: Path, *, port: int, controller_port: int) -> tuple[Path, Path]:
    """Write both files into `folder` and give their places: server.properties and log4j2.properties.

    The data lie in `folder`/data.
    """
    broker, logging = folder / "server.properties", folder / "log4j2.properties"
    broker.write_text(BROKER.format(port=port, controller_port=controller_port, data=folder / "data"))
    logging.write_text(LOGGING)
    return broker, logging
