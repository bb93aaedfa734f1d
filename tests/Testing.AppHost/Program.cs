// A whole application in small, which the engine's tests kill.
var builder = DistributedApplication.CreateBuilder(args);

var database = builder.AddPostgres("postgres").AddDatabase("database");
var redis = builder.AddRedis("redis");
builder.AddProject<Projects.Testing_Service>("service")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(database).WaitFor(database)
    .WithReference(redis).WaitFor(redis);

builder.Build().Run();
