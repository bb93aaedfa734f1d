// Tests of Local.Kafka.
