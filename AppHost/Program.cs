using AppHost;
using Contracts;

var builder = DistributedApplication.CreateBuilder(args);

// How many processes of each service: Parameters:replicas.
var replicas = int.Parse(builder.Configuration["Parameters:replicas"] ?? "1");

// Where the model is published to, with `publish --target`: Aspire wants every resource in one environment.
if (builder.Configuration["Publish:Target"] == "compose")
    builder.AddDockerComposeEnvironment("compose");
if (builder.Configuration["Publish:Target"] == "kubernetes")
    builder.AddKubernetesEnvironment("kubernetes");

var environment = builder.AddParameter("environment", builder.ExecutionContext.IsRunMode ? "Development" : "Production", publishValueAsDefault: true);

// Connections of one replica. All replicas of all services together must stay below PostgreSQL's max_connections.
var poolSize = builder.AddParameter("pool-size", builder.ExecutionContext.IsRunMode ? "20" : "12", publishValueAsDefault: true);

// Signs user tokens, queue passes and hold tokens. 44 characters are base64 of 33 bytes.
var tokenKey = builder.AddParameter(
    "token-key", new GenerateParameterDefault { MinLength = 44, Special = false }, secret: true, persist: true);

// Stores: PostgreSQL is the truth for seats and money; Redis and Kafka may be lost without a seat sold twice.
var postgres = builder.AddPostgres(ResourceNames.Postgres, port: 54320).WithDataVolume();
var concertDb = postgres.AddDatabase(ResourceNames.ConcertDb);
var reservationDb = postgres.AddDatabase(ResourceNames.ReservationDb);
var paymentDb = postgres.AddDatabase(ResourceNames.PaymentDb);
var redis = builder.AddRedis(ResourceNames.Redis, port: 63790).WithDataVolume();
var kafka = builder.AddKafka(ResourceNames.Kafka, port: 9092).WithDataVolume();

// The outside world: two card gateways, the second for when the first is down.
var primaryGateway = AddService<Projects.PaymentGateway_Simulator>(ResourceNames.PrimaryGateway, port: 5105);
var backupGateway = AddService<Projects.PaymentGateway_Simulator>(ResourceNames.BackupGateway, port: 5106);
if (builder.ExecutionContext.IsRunMode)
    KeepBooks(primaryGateway, backupGateway);

// The line of each concert: tickets, admission, passes.
var queue = AddService<Projects.Queue_Service>(ResourceNames.Queue, port: 5101)
    .WithReference(redis).WaitFor(redis)
    .WithReference(kafka).WaitFor(kafka)
    .WithReplicas(replicas);

// Concerts, schedules, seats, and who may still have which.
var concert = AddService<Projects.Concert_Service>(ResourceNames.Concert, port: 5102)
    .WithReference(concertDb).WaitFor(concertDb)
    .WithEnvironment("Database__MaxPoolSize", poolSize)
    .WithReference(kafka).WaitFor(kafka)
    .WithReplicas(replicas);

// Who holds or has bought which seat.
var reservation = AddService<Projects.Reservation_Service>(ResourceNames.Reservation, port: 5103)
    .WithReference(reservationDb).WaitFor(reservationDb)
    .WithEnvironment("Database__MaxPoolSize", poolSize)
    .WithReference(redis).WaitFor(redis)
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(concert)
    .WithReplicas(replicas);

// Wallets, the ledger, payments and refunds.
var payment = AddService<Projects.Payment_Service>(ResourceNames.Payment, port: 5104)
    .WithReference(paymentDb).WaitFor(paymentDb)
    .WithEnvironment("Database__MaxPoolSize", poolSize)
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(primaryGateway)
    .WithReference(backupGateway)
    .WithReplicas(replicas);

// Prometheus and Alertmanager beside the system, on demand: --monitoring.
if (builder.Configuration["Monitoring"] is "true" && builder.ExecutionContext.IsRunMode)
    builder.AddMonitoring(queue, concert, reservation, payment, primaryGateway, backupGateway);

// Load on demand: started by hand, never with the rest. Which: Parameters:load, a profile with its options.
var load = builder.Configuration["Parameters:load"] ?? "smoke";
builder.AddProject<Projects.LoadTests>(ResourceNames.LoadTests)
    .WithArgs(load.Split(' ', StringSplitOptions.RemoveEmptyEntries))
    .WithArgs("--state", builder.StorePath(""), "--report", builder.StorePath("reports"))
    .WithReference(queue).WaitFor(queue)
    .WithReference(concert).WaitFor(concert)
    .WithReference(reservation).WaitFor(reservation)
    .WithReference(payment).WaitFor(payment)
    .WithExplicitStart();

builder.Build().Run();

#pragma warning disable ASPIREPROBES001 // Aspire still calls probes experimental.
// What every service has: an endpoint of its own, a health check, and the key of the tokens. Every visit is traced, unless the caller's
// traceparent says that this one is not: Aspire's own choice, always_on, would also record the 99 of 100 that a load test leaves out.
// MALLOC_*: what native code frees (the Kafka client, the JIT compiler) goes back to the machine.
IResourceBuilder<ProjectResource> AddService<TProject>(string name, int port) where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name)
        .WithHttpEndpoint(port: port)
        .WithExternalHttpEndpoints()
        .WithHttpHealthCheck("/health")
        .WithHttpProbe(ProbeType.Startup, "/alive", periodSeconds: 2, failureThreshold: 90)
        .WithHttpProbe(ProbeType.Readiness, "/health", periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2)
        .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 6)
        .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString | ReferenceEnvironmentInjectionFlags.ServiceDiscovery)
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
        .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on")
        .WithEnvironment("MALLOC_ARENA_MAX", "2")
        .WithEnvironment("MALLOC_TRIM_THRESHOLD_", "65536")
        .WithEnvironment("MALLOC_MMAP_THRESHOLD_", "65536")
        .WithEnvironment("Tokens__ActiveKey", "k1")
        .WithEnvironment("Tokens__Keys__k1", tokenKey);

// A gateway knows after a restart what it has approved, as a real one does.
void KeepBooks(params IResourceBuilder<ProjectResource>[] gateways)
{
    foreach (var gateway in gateways)
        gateway.WithEnvironment("Simulator__DataDirectory", builder.StorePath(gateway.Resource.Name));
}
