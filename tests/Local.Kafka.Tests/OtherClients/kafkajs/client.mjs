// What a program with kafkajs does with a broker, from its first topic to its last. Ends with 1 and the reason where the broker disappoints it.
import assert from 'node:assert/strict';
import kafkajs from 'kafkajs';

const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = kafkajs;
const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING });
const [topic, groupId, partitions] = ['kafkajs', 'kafkajs', 6];
const started = Date.now();

const admin = kafka.admin();
await admin.connect();
assert.equal(await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries: [{ name: 'retention.ms', value: '600000' }] }] }), true);
assert.ok((await admin.listTopics()).includes(topic));
assert.equal((await admin.describeCluster()).brokers.length, 1);
const configs = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] });
assert.equal(configs.resources[0].configEntries.find(entry => entry.configName === 'retention.ms').configValue, '600000');

const producer = kafka.producer({ idempotent: true });
await producer.connect();
let produced = 0;
await produce(60, CompressionTypes.None);
await produce(60, CompressionTypes.GZIP);

const seen = new Set();
const first = await join();
await until(() => seen.size === 120, 'the first member to read everything');
const second = await join();
await until(async () => {
  const group = (await admin.describeGroups([groupId])).groups[0];
  return group.state === 'Stable' && group.members.length === 2;
}, 'a group of two');
await until(() => first.partitions.length === 3 && second.partitions.length === 3, 'three partitions for each member');
await produce(60, CompressionTypes.GZIP);
await until(() => seen.size === 180, 'both members to read what came after the rebalance');
assert.ok(second.records > 0, 'the second member reads too');
await until(async () => await committed() === 180, 'the commits of what was read'); // before either leaves: the other would begin again from its last commit
await Promise.all([first, second].map(member => member.consumer.disconnect()));

assert.equal(await committed(), 180);
await produce(6, CompressionTypes.None);
seen.clear();
const third = await join();
await until(() => seen.size === 6, 'a new member to go on where the others stopped');

const ends = await admin.fetchTopicOffsets(topic);
assert.equal(ends.reduce((sum, partition) => sum + Number(partition.high), 0), 186);
const since = await admin.fetchTopicOffsetsByTimestamp(topic, started);
assert.ok(since.every(partition => partition.offset === '0'), 'everything came after the start');
for (const { partition, offset } of since) third.consumer.seek({ topic, partition, offset });
await until(() => seen.size === 186, 'everything again, from a time on');
await third.consumer.disconnect();

assert.ok((await admin.listGroups()).groups.some(group => group.groupId === groupId));
await admin.deleteGroups([groupId]);
await admin.createPartitions({ topicPartitions: [{ topic, count: partitions + 1 }] });
assert.equal((await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length, partitions + 1);
await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
assert.equal((await admin.fetchTopicOffsets(topic)).find(({ partition }) => partition === 0).low, '3');
await admin.deleteTopics({ topics: [topic] });
assert.ok(!(await admin.listTopics()).includes(topic));
await producer.disconnect();
await admin.disconnect();

async function produce(count, compression) {
  const messages = Array.from({ length: count }, () => ({ partition: produced % partitions, key: `${produced}`, value: `value ${produced++}`, headers: { from: 'kafkajs' } }));
  await producer.send({ topic, compression, acks: -1, messages });
}

async function committed() {
  const [{ partitions: places }] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return places.reduce((sum, place) => sum + Number(place.offset), 0);
}

async function join() {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 6000, rebalanceTimeout: 6000, heartbeatInterval: 100, maxWaitTimeInMs: 100 });
  const member = { consumer, partitions: [], records: 0 };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => { member.partitions = payload.memberAssignment[topic] ?? []; });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      assert.equal(message.value.toString(), `value ${message.key}`);
      assert.equal(message.headers.from.toString(), 'kafkajs');
      seen.add(message.key.toString());
      member.records++;
    },
  });
  return member;
}

async function until(condition, what) {
  for (const end = Date.now() + 20_000; !(await condition());) {
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
