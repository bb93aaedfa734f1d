namespace NBomber.Contracts.Metrics;

/// <summary>A figure of the test's own, reported beside the measured ones.</summary>
public interface IMetric
{
    string MetricName { get; }
    string UnitOfMeasure { get; }
}

public interface ICounter : IMetric
{
    void Add(long value);
}

public interface IGauge : IMetric
{
    void Set(double value);
}

/// <summary>Makes metrics; register them in the scenario's init.</summary>
public static class Metric
{
    public static ICounter CreateCounter(string name, string unitOfMeasure) => new Counter(name, unitOfMeasure);

    public static IGauge CreateGauge(string name, string unitOfMeasure) => new Gauge(name, unitOfMeasure);

    internal sealed class Counter(string name, string unit) : ICounter
    {
        private long value;

        public string MetricName => name;
        public string UnitOfMeasure => unit;
        internal long Value => Interlocked.Read(ref value);

        public void Add(long value) => Interlocked.Add(ref this.value, value);
    }

    internal sealed class Gauge(string name, string unit) : IGauge
    {
        private double value;

        public string MetricName => name;
        public string UnitOfMeasure => unit;
        internal double Value => Volatile.Read(ref value);

        public void Set(double value) => Volatile.Write(ref this.value, value);
    }
}
