"""What a program with python-kafka does with a broker, from its first topic to its last. Ends with 1 and the reason where the broker disappoints it."""
import sys
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.codec import has_lz4, has_snappy, has_zstd

SERVERS, TOPIC, GROUP, PARTITIONS = sys.argv[1], "python", "python", 6
STARTED = int(time.time() * 1000)
CODECS = [None, "gzip"] + [name for name, there in (("snappy", has_snappy()), ("lz4", has_lz4()), ("zstd", has_zstd())) if there]


class Member:
    """A consumer that reads on a thread of its own until it is told to stop."""

    def __init__(self):
        self.seen, self.partitions, self.stopping = set(), 0, False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        consumer = KafkaConsumer(
            TOPIC, bootstrap_servers=SERVERS, group_id=GROUP, auto_offset_reset="earliest", enable_auto_commit=False,
            session_timeout_ms=6000, heartbeat_interval_ms=100, fetch_max_wait_ms=100)
        while not self.stopping:
            batch = [record for records in consumer.poll(timeout_ms=50).values() for record in records]
            for record in batch:
                assert record.value == b"value " + record.key and record.headers == [("from", b"python")], record
            if batch:
                consumer.commit()  # not at the end: a member that is assigned anew in between would commit its new, earlier positions
            self.seen.update(record.key for record in batch)
            self.partitions = len(consumer.assignment())
        consumer.close()

    def stop(self):
        self.stopping = True
        self.thread.join()


def until(condition, what):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "waited in vain for " + what
        time.sleep(0.02)


def produce(numbers, codec):
    producer = KafkaProducer(bootstrap_servers=SERVERS, acks="all", compression_type=codec, linger_ms=5)
    sent = [producer.send(TOPIC, key=b"%d" % n, value=b"value %d" % n, headers=[("from", b"python")], partition=n % PARTITIONS) for n in numbers]
    for future in sent:
        future.get(timeout=20)
    producer.close()


def main():
    admin = KafkaAdminClient(bootstrap_servers=SERVERS)
    admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1, topic_configs={"retention.ms": "600000"})])
    assert TOPIC in admin.list_topics()
    assert len(admin.describe_cluster()["brokers"]) == 1
    configs = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC)])[0].resources[0][4]
    assert dict(entry[:2] for entry in configs)["retention.ms"] == "600000"

    total = 0
    for codec in CODECS:
        produce(range(total, total + 60), codec)
        total += 60

    members = [Member()]
    try:
        until(lambda: len(members[0].seen) == total, "the first member to read everything")
        members.append(Member())
        until(lambda: [member.partitions for member in members] == [PARTITIONS / 2] * 2, "three partitions for each member")
        group = admin.describe_consumer_groups([GROUP])[0]
        assert group.state == "Stable" and len(group.members) == 2, group
        produce(range(total, total + 60), None)
        total += 60
        until(lambda: len(members[0].seen | members[1].seen) == total, "both members to read what came after the rebalance")
        assert members[1].seen, "the second member reads too"
    finally:
        for member in members:
            member.stop()

    assert sum(place.offset for place in admin.list_consumer_group_offsets(GROUP).values()) == total
    produce(range(total, total + 6), None)
    heir = Member()
    try:
        until(lambda: len(heir.seen) == 6, "a new member to go on where the others stopped")
    finally:
        heir.stop()
    total += 6

    partitions = [TopicPartition(TOPIC, index) for index in range(PARTITIONS)]
    reader = KafkaConsumer(bootstrap_servers=SERVERS, group_id=None, consumer_timeout_ms=20000)
    assert sum(reader.end_offsets(partitions).values()) == total
    reader.assign(partitions)
    for partition, found in reader.offsets_for_times(dict.fromkeys(partitions, STARTED)).items():
        assert found.offset == 0, found
        reader.seek(partition, found.offset)
    assert len({next(reader).key for _ in range(total)}) == total, "everything again, from a time on"
    reader.close()

    assert (GROUP, "consumer") in admin.list_consumer_groups()
    assert admin.delete_consumer_groups([GROUP])[0][1].errno == 0
    admin.create_partitions({TOPIC: NewPartitions(PARTITIONS + 1)})
    assert len(admin.describe_topics([TOPIC])[0]["partitions"]) == PARTITIONS + 1
    admin.delete_topics([TOPIC])
    assert TOPIC not in admin.list_topics()
    admin.close()


main()
