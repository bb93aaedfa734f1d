// The promises of the README, measured with a librdkafka client on the same machine:
//   dotnet run -c Release --project tests/Local.Kafka.Benchmarks [-- RECORDS]
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Local.Kafka.Tests;

const string Throughput = "throughput";
const string Latency = "latency";
const int RecordSize = 200;
var records = args.Length > 0 ? int.Parse(args[0]) : 10_000_000;
RuntimeHelpers.RunModuleConstructor(typeof(KafkaProducerSettings).Module.ModuleHandle); // finds librdkafka
var directory = Directory.CreateTempSubdirectory("kafka-benchmark-").FullName;
try
{
    var watch = Stopwatch.StartNew();
    await using (var broker = await StartAsync(directory))
    {
        Console.WriteLine($"start, empty                {watch.Elapsed.TotalSeconds,8:F2} s, {broker.ResidentMegabytes("VmRSS"):F0} MB resident");
        Produce(broker.Servers, records);
        Consume(broker.Servers, records);
        Console.WriteLine($"resident after that         {broker.ResidentMegabytes("VmRSS"),8:F0} MB, {broker.ResidentMegabytes("VmHWM"):F0} MB at most");
        await ProduceOneByOneAsync(broker.Servers);
        await ProduceToConsumeAsync(broker.Servers);
        await broker.KillAsync();
    }
    var size = Directory.EnumerateFiles(directory, "*.log", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1e9;
    watch.Restart();
    await using (var broker = await StartAsync(directory))
    {
        Console.WriteLine($"start, {size:F2} GB, after kill  {watch.Elapsed.TotalSeconds,8:F2} s");
        await broker.StopAsync();
    }
    watch.Restart();
    await using (var broker = await StartAsync(directory))
        Console.WriteLine($"start, {size:F2} GB, after stop  {watch.Elapsed.TotalSeconds,8:F2} s, {broker.ResidentMegabytes("VmRSS"):F0} MB resident");
}
finally
{
    Directory.Delete(directory, recursive: true);
}

static Task<BrokerProcess> StartAsync(string directory) => BrokerProcess.StartAsync(directory, port: 0, "--retention-bytes", "-1");

static void Produce(string servers, int records)
{
    using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers, EnableDeliveryReports = false }).Build();
    var message = new Message<Null, byte[]> { Value = new byte[RecordSize] };
    Random.Shared.NextBytes(message.Value);
    var watch = Stopwatch.StartNew();
    for (var sent = 0; sent < records;)
    {
        try
        {
            producer.Produce(Throughput, message);
            sent++;
        }
        catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            producer.Poll(TimeSpan.FromMilliseconds(5));
        }
    }
    producer.Flush(TimeSpan.FromMinutes(1));
    Console.WriteLine($"produce                     {records / watch.Elapsed.TotalSeconds,8:F0} records/s");
}

static void Consume(string servers, int records)
{
    using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
    {
        BootstrapServers = servers,
        GroupId = "benchmark",
        AutoOffsetReset = AutoOffsetReset.Earliest,
        ConsumeResultFields = "none",
    }).Build();
    consumer.Subscribe(Throughput);
    consumer.Consume();
    var watch = Stopwatch.StartNew();
    for (var received = 1; received < records; received++) consumer.Consume();
    Console.WriteLine($"consume                     {records / watch.Elapsed.TotalSeconds,8:F0} records/s");
    consumer.Close();
}

static async Task ProduceOneByOneAsync(string servers)
{
    const int Count = 5_000;
    using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers, Acks = Acks.All, LingerMs = 0 }).Build();
    var times = new List<double>(Count);
    for (var i = 0; i < Count; i++)
    {
        var start = Stopwatch.GetTimestamp();
        await producer.ProduceAsync(Latency, new Message<Null, byte[]> { Value = new byte[RecordSize] });
        if (i >= Count / 10) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
    Print("produce one, acks=all", times);
}

static async Task ProduceToConsumeAsync(string servers)
{
    const int Count = 10_000;
    const int Warmup = 1_000;
    var times = new List<double>(Count);
    var ready = new TaskCompletionSource();
    var consuming = Task.Factory.StartNew(() =>
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig { BootstrapServers = servers, GroupId = "latency" })
            .SetPartitionsAssignedHandler((_, partitions) => { ready.TrySetResult(); })
            .Build();
        consumer.Subscribe(Latency);
        for (var received = 0; received < Count;)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result) continue;
            var sent = BitConverter.ToInt64(result.Message.Value);
            if (sent == 0) continue; // of the benchmark before
            if (received++ >= Warmup) times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        consumer.Close();
    }, TaskCreationOptions.LongRunning);
    await ready.Task;
    await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System); // the first fetches are out

    using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers, Acks = Acks.All, LingerMs = 0 }).Build();
    using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
    for (var i = 0; i < Count; i++)
    {
        await tick.WaitForNextTickAsync();
        var value = new byte[RecordSize];
        BitConverter.TryWriteBytes(value, Stopwatch.GetTimestamp());
        producer.Produce(Latency, new Message<Null, byte[]> { Value = value });
    }
    await consuming;
    Print("produce to consume, 1,000/s", times);
}

static void Print(string what, List<double> times)
{
    times.Sort();
    Console.WriteLine($"{what,-28}{times[times.Count / 2],8:F2} ms p50, {times[(int)(times.Count * 0.99)]:F2} ms p99, {times[^1]:F2} ms at most");
}
