using Local.Kafka.Log;
using Local.Kafka.Protocol;

namespace Local.Kafka.Producers;

/// <summary>
/// What a partition remembers of its idempotent producers: epoch and the last five batches of each, which is as many as a
/// producer may have in flight. Guarded by the partition's append lock.
/// </summary>
internal sealed class ProducerTable
{
    public const int RememberedBatches = 5;

    /// <summary>Beyond it the producer that was silent longest is forgotten, so that short-lived producers cannot fill the memory.</summary>
    public const int MaxProducers = 10_000;

    private readonly Dictionary<long, Producer> producers = [];

    public readonly record struct Sent(int FirstSequence, int LastSequence, long BaseOffset);

    /// <summary>Duplicate: where the batch was stored when it came first.</summary>
    public readonly record struct Verdict(ErrorCode Error, long? Duplicate);

    public sealed class Producer
    {
        public required short Epoch { get; set; }

        /// <summary>The time of its last batch, by its records.</summary>
        public required long LastTimestamp { get; set; }

        public List<Sent> Batches { get; init; } = new(RememberedBatches);
    }

    public IReadOnlyCollection<KeyValuePair<long, Producer>> All => producers;

    /// <summary>The rules of Kafka's ProducerStateManager: a producer that nobody remembers may start anywhere (KIP-360).</summary>
    public Verdict Judge(in RecordBatch batch)
    {
        if (batch.ProducerId == RecordBatch.NoProducerId || !producers.TryGetValue(batch.ProducerId, out var known)) return default;
        if (batch.ProducerEpoch < known.Epoch) return new Verdict(ErrorCode.InvalidProducerEpoch, null);
        if (batch.ProducerEpoch > known.Epoch)
            return new Verdict(batch.BaseSequence == 0 ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber, null);

        foreach (var sent in known.Batches)
        {
            if (sent.FirstSequence == batch.BaseSequence && sent.LastSequence == batch.LastSequence) return new Verdict(ErrorCode.None, sent.BaseOffset);
        }
        return batch.BaseSequence == Sequence.Next(known.Batches[^1].LastSequence) ? default : new Verdict(ErrorCode.OutOfOrderSequenceNumber, null);
    }

    public void Remember(in RecordBatch batch)
    {
        if (batch.ProducerId == RecordBatch.NoProducerId) return;
        if (!producers.TryGetValue(batch.ProducerId, out var producer))
        {
            if (producers.Count >= MaxProducers) producers.Remove(producers.MinBy(pair => pair.Value.LastTimestamp).Key);
            producers[batch.ProducerId] = producer = new Producer { Epoch = batch.ProducerEpoch, LastTimestamp = batch.MaxTimestamp };
        }
        if (producer.Epoch != batch.ProducerEpoch) producer.Batches.Clear();
        if (producer.Batches.Count == RememberedBatches) producer.Batches.RemoveAt(0);
        producer.Epoch = batch.ProducerEpoch;
        producer.LastTimestamp = batch.MaxTimestamp;
        producer.Batches.Add(new Sent(batch.BaseSequence, batch.LastSequence, batch.BaseOffset));
    }

    public void Restore(long id, Producer producer) => producers[id] = producer;

    public void Clear() => producers.Clear();
}
