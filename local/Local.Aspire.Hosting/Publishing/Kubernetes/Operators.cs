using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>
/// PostgreSQL and Kafka of three nodes each, run by operators: CloudNativePG and Strimzi. They carry none of the application's labels: operators
/// pass labels on to their pods, and the application's network policies would then take them for its own.
/// </summary>
internal static class Operators
{
    private const int Nodes = 3;
    private const string StrimziApi = "kafka.strimzi.io/v1beta2";
    private const string PostgresApi = "postgresql.cnpg.io/v1";

    /// <summary>Strimzi's name for the address of a cluster's listeners.</summary>
    internal static string BootstrapOf(Workload store) => $"{store.Name}-kafka-bootstrap:{store.Ports[0].Number}";

    internal static IEnumerable<Map> Of(Workload store, IResource resource) => resource switch
    {
        PostgresServerResource => [Cluster(store), .. store.Databases.Select(database => Database(store, database))],
        Aspire.Hosting.KafkaServerResource => [NodePool(store), Kafka(store)],
        _ => [],
    };

    private static Map Cluster(Workload store) => new(Names.Object(PostgresApi, "Cluster", store.Name))
    {
        ["spec"] = new Map
        {
            ["instances"] = Nodes,
            // A commit is answered when a second node has it: a lost machine loses no booking.
            ["minSyncReplicas"] = 1,
            ["maxSyncReplicas"] = 1,
            ["postgresql"] = new Map { ["parameters"] = new Map { ["max_connections"] = $"{store.Settings.MaxConnections}", ["shared_buffers"] = $"{store.Settings.MemoryMiB / 4}MB" } },
            ["bootstrap"] = new Map { ["initdb"] = new Map { ["database"] = "app", ["owner"] = "app" } },
            ["resources"] = Pods.Resources(store.Settings),
            ["storage"] = new Map { ["size"] = $"{store.Settings.StorageGiB}Gi" },
        },
    };

    private static Map Database(Workload store, string database) => new(Names.Object(PostgresApi, "Database", database))
    {
        ["spec"] = new Map
        {
            ["cluster"] = new Map { ["name"] = store.Name },
            ["name"] = database,
            ["owner"] = "app",
        },
    };

    private static Map NodePool(Workload store)
    {
        var pool = Names.Object(StrimziApi, "KafkaNodePool", "broker", new Map { ["strimzi.io/cluster"] = store.Name });
        pool["spec"] = new Map
        {
            ["replicas"] = Nodes,
            ["roles"] = new[] { "controller", "broker" },
            ["resources"] = Pods.Resources(store.Settings),
            ["storage"] = new Map { ["type"] = "persistent-claim", ["size"] = $"{store.Settings.StorageGiB}Gi" },
        };
        return pool;
    }

    private static Map Kafka(Workload store)
    {
        var kafka = Names.Object(StrimziApi, "Kafka", store.Name);
        ((Map)kafka["metadata"]!)["annotations"] = new Map { ["strimzi.io/node-pools"] = "enabled", ["strimzi.io/kraft"] = "enabled" };
        kafka["spec"] = new Map
        {
            ["kafka"] = new Map
            {
                ["listeners"] = new[] { new Map { ["name"] = "plain", ["port"] = store.Ports[0].Number, ["type"] = "internal", ["tls"] = false } },
                ["config"] = new Map
                {
                    ["default.replication.factor"] = Nodes,
                    ["min.insync.replicas"] = 2,
                    ["offsets.topic.replication.factor"] = Nodes,
                    ["transaction.state.log.replication.factor"] = Nodes,
                    ["transaction.state.log.min.isr"] = 2,
                    ["auto.create.topics.enable"] = false,
                },
            },
            ["entityOperator"] = new Map { ["topicOperator"] = new Map() },
        };
        return kafka;
    }
}
