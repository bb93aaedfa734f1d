using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Aspire;

/// <summary>Lets Confluent.Kafka find the system's librdkafka, as its own native package is not at hand.</summary>
internal static class NativeKafkaLibrary
{
    private static readonly string[] Names = ["librdkafka.so.1", "librdkafka.1.dylib", "librdkafka.dylib", "rdkafka.dll"];

    // In place before anybody's first use of Kafka, also of builders that no registration of ours made.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Initialize()
        => NativeLibrary.SetDllImportResolver(typeof(ProducerConfig).Assembly, (name, _, _) => name.Contains("librdkafka", StringComparison.Ordinal) ? Load() : 0);
#pragma warning restore CA2255

    /// <summary>Fails with what to install, where Confluent.Kafka would only say that it found nothing.</summary>
    public static void Require()
    {
        if (Load() == 0)
            throw new DllNotFoundException(
                "The native Kafka client librdkafka is not installed. Debian/Ubuntu: apt-get install librdkafka1. Fedora: dnf install librdkafka. macOS: brew install librdkafka.");
    }

    private static nint Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        }
        return 0;
    }
}
