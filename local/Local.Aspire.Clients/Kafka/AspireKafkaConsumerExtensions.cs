using Aspire;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Kafka consumer (singleton) on <c>ConnectionStrings:&lt;connectionName&gt;</c>.</summary>
public static class AspireKafkaConsumerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";

    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName)
        => Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings)
        => Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, null, WithServices(configureBuilder));

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, null, configureBuilder);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaConsumerSettings>? configureSettings, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, configureSettings, WithServices(configureBuilder));

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaConsumerSettings>? configureSettings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string name)
        => Add<TKey, TValue>(builder, name, serviceKey: name, null, null);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings)
        => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, null);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, null, WithServices(configureBuilder));

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, null, configureBuilder);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name,
        Action<KafkaConsumerSettings>? configureSettings, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, configureSettings, WithServices(configureBuilder));

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name,
        Action<KafkaConsumerSettings>? configureSettings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => Add(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder, string connectionName, string? serviceKey,
        Action<KafkaConsumerSettings>? configureSettings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        NativeKafkaLibrary.Require();
        var settings = Read(builder, connectionName, configureSettings);

        IConsumer<TKey, TValue> Create(IServiceProvider services)
        {
            Validate(settings, connectionName);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Confluent.Kafka");
            var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config);
            consumer.SetLogHandler((_, message) => KafkaLog.Write(logger, message));
            configureBuilder?.Invoke(services, consumer);
            return consumer.Build();
        }

        if (serviceKey is null)
            builder.Services.AddSingleton(Create);
        else
            builder.Services.AddKeyedSingleton(serviceKey, (s, _) => Create(s));

        if (!settings.DisableHealthChecks)
            KafkaHealthCheck.Add(
                builder, serviceKey is null ? "Aspire.Confluent.Kafka.Consumer" : $"Aspire.Confluent.Kafka.Consumer_{connectionName}", settings.Config);
    }

    private static KafkaConsumerSettings Read(
        IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings)
    {
        var settings = new KafkaConsumerSettings();
        foreach (var section in new[] { builder.Configuration.GetSection(Section), builder.Configuration.GetSection($"{Section}:{connectionName}") })
        {
            section.Bind(settings);
            section.GetSection(nameof(settings.Config)).Bind(settings.Config);
        }
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);
        if (settings.ConnectionString is { } servers)
            settings.Config.BootstrapServers = servers;
        return settings;
    }

    private static void Validate(KafkaConsumerSettings settings, string connectionName)
    {
        if (string.IsNullOrWhiteSpace(settings.Config.BootstrapServers))
            throw new InvalidOperationException(
                $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in '{Section}'.");
        if (string.IsNullOrWhiteSpace(settings.Config.GroupId))
            throw new InvalidOperationException($"GroupId is missing. It should be provided in '{Section}:Config:GroupId' or in configureSettings.");
    }

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? WithServices<TKey, TValue>(Action<ConsumerBuilder<TKey, TValue>>? configure)
        => configure is null ? null : (_, builder) => configure(builder);
}
