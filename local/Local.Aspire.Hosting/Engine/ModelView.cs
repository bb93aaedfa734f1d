using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Dashboard.Resources;
using Local.Processes;

namespace Local.Engine;

/// <summary>The model and what runs for it, as the dashboard shows it. Secrets leave only as marked values of variables.</summary>
internal sealed class ModelView : IResourceView
{
    private readonly IReadOnlyList<ResourceRunner> _runners;
    private readonly ResourceCommandService _commands;
    private readonly Secrets _secrets;

    internal ModelView(IReadOnlyList<ResourceRunner> runners, ResourceNotificationService notifications, ResourceCommandService commands, Secrets secrets)
    {
        (_runners, _commands, _secrets) = (runners, commands, secrets);
        notifications.Changed += _ => Changed?.Invoke();
        foreach (var runner in runners)
        {
            foreach (var instance in runner.Instances)
                instance.Log.Written += line => LineWritten?.Invoke(Line(runner, instance, line));
        }
    }

    public event Action? Changed;

    public event Action<ConsoleLine>? LineWritten;

    public IReadOnlyList<ResourceSnapshot> Current => _runners.Select(Describe).ToList();

    public IReadOnlyList<ConsoleLine> Lines(string? resource) =>
        _runners.Where(r => resource is null || r.Resource.Name == resource)
            .SelectMany(r => r.Instances.SelectMany(i => i.Log.LastLines().Select(l => Line(r, i, l))))
            .OrderBy(l => l.At)
            .ToList();

    public IAsyncEnumerable<string>? ReadLog(string instance, CancellationToken cancellationToken) =>
        _runners.SelectMany(r => r.Instances).FirstOrDefault(i => i.Name == instance)?.Log.FilePath is { } path && File.Exists(path)
            ? ReadAsync(path, cancellationToken)
            : null;

    public Task ExecuteAsync(string resource, ResourceCommand command, CancellationToken cancellationToken) =>
        _commands.ExecuteCommandAsync(resource, command switch
        {
            ResourceCommand.Start => KnownResourceCommands.StartCommand,
            ResourceCommand.Stop => KnownResourceCommands.StopCommand,
            ResourceCommand.Restart => KnownResourceCommands.RestartCommand,
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        }, cancellationToken);

    private async IAsyncEnumerable<string> ReadAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return _secrets.Hide(line);
    }

    private ConsoleLine Line(ResourceRunner runner, ProcessInstance instance, LogLine line) =>
        new(runner.Resource.Name, instance.Name, line.Number, line.At, _secrets.Hide(line.Text));

    private ResourceSnapshot Describe(ResourceRunner runner)
    {
        var status = runner.Status();
        var resource = runner.Resource;
        return new ResourceSnapshot(resource.Name, TypeOf(resource), status.State)
        {
            Healthy = status.Healthy,
            Health = runner.Instances.Where(i => i.State == KnownResourceStates.Running && i.CheckedAt is not null)
                .Select(i => new HealthReport(i.Name + CheckOf(resource), i.Healthy, i.Healthy == true ? null : Hidden(i.Failure), i.CheckedAt)).ToList(),
            StartedAt = runner.Instances.Select(i => i.StartedAt).Max(),
            Urls = status.Urls,
            Source = SourceOf(resource),
            Replicas = runner.Instances.Select(i => new ReplicaSnapshot(i.Name, i.State, i.Healthy, i.ProcessId) { Urls = i.Urls }).ToList(),
            Restarts = status.Restarts,
            ExitCode = status.State is KnownResourceStates.Exited or KnownResourceStates.Finished ? status.ExitCode : null,
            Failure = Hidden(status.Failure),
            Environment = runner.Instances[0].Environment.Where(v => v.Value is not null)
                .Select(v => new EnvironmentVariable(v.Key, v.Value!, _secrets.IsIn(v.Value!))).OrderBy(v => v.Name, StringComparer.Ordinal).ToList(),
            Relationships = RelationshipsOf(resource).Distinct().ToList(),
            ComesBack = runner.ComesBack,
            StartsByHand = !runner.StartsByItself,
        };
    }

    private string? Hidden(string? text) => text is null ? null : _secrets.Hide(text);

    private static IEnumerable<Relationship> RelationshipsOf(IResource resource)
    {
        if (resource is IResourceWithParent child)
            yield return new Relationship(child.Parent.Name, KnownRelationshipTypes.Parent);
        foreach (var reference in resource.AnnotationsOf<ResourceRelationshipAnnotation>())
            yield return new Relationship(reference.Resource.Name, reference.Type);
        foreach (var wait in resource.AnnotationsOf<WaitAnnotation>())
            yield return new Relationship(wait.Resource.Name, KnownRelationshipTypes.WaitFor);
    }

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        PostgresDatabaseResource => "Database",
        ContainerResource => "Server",
        _ => "Executable",
    };

    private static string SourceOf(IResource resource) => resource switch
    {
        ExecutableResource executable => executable.Command,
        PostgresServerResource => "PostgreSQL",
        PostgresDatabaseResource database => $"database {database.DatabaseName}",
        RedisResource => "Redis",
        KafkaServerResource => "Local.Kafka",
        _ when resource.TryGetLastAnnotation<IProjectMetadata>(out var project) => Path.GetFileName(project.ProjectPath),
        _ => "",
    };

    private static string CheckOf(IResource resource) =>
        resource.AnnotationsOf<HttpHealthCheckAnnotation>().FirstOrDefault()?.Path ?? "";
}
