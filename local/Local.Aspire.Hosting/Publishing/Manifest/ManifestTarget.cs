using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Model;

namespace Local.Publishing.Manifest;

/// <summary>The model as Aspire's manifest: every value that a deployment decides is an expression.</summary>
internal sealed class ManifestTarget(IReadOnlyList<IResource> resources, IReadOnlyList<Workload> workloads, PublishArguments arguments)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ManifestExpressions _expressions = new();

    internal void WriteTo(OutputFolder folder)
    {
        var entries = new JsonObject();
        foreach (var resource in resources)
        {
            var entry = resource switch
            {
                ParameterResource parameter => Parameter(parameter),
                PostgresDatabaseResource database => new JsonObject { ["type"] = "value.v0", ["connectionString"] = _expressions.Render(database.ConnectionStringExpression) },
                _ => workloads.FirstOrDefault(w => w.Name == resource.Name) is { } workload ? Workload(workload, resource) : null,
            };
            if (entry is not null)
                entries[resource.Name] = entry;
        }
        // Passwords that the model made up for its stores.
        foreach (var parameter in workloads.SelectMany(w => w.Environment.Values).SelectMany(ExpressionParts.ParametersIn))
        {
            if (!entries.ContainsKey(parameter.Name))
                entries[parameter.Name] = Parameter(parameter);
        }
        folder.Add(arguments.ManifestFile, new JsonObject { ["resources"] = entries }.ToJsonString(Json) + "\n");
    }

    private JsonObject Workload(Workload workload, IResource resource)
    {
        var entry = new JsonObject { ["type"] = workload.IsService ? "project.v0" : "container.v0" };
        if (resource is IResourceWithConnectionString store)
            entry["connectionString"] = _expressions.Render(store.ConnectionStringExpression);
        if (workload.ProjectPath is { } project)
            entry["path"] = Path.GetRelativePath(arguments.Folder, project).Replace('\\', '/');
        else
            entry["image"] = workload.Image.Name;
        if (workload.Image.Entrypoint is [var entrypoint])
            entry["entrypoint"] = entrypoint;
        if (workload.Image.Arguments.Count > 0)
            entry["args"] = new JsonArray([.. workload.Image.Arguments]);
        if (workload.Volumes.Count > 0)
            entry["volumes"] = new JsonArray([.. workload.Volumes.Select(v => (JsonNode)new JsonObject { ["name"] = $"{workload.Name}-data", ["target"] = v.Path, ["readOnly"] = v.IsReadOnly })]);
        entry["env"] = new JsonObject(workload.Environment.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)_expressions.Reference(e.Value))));
        entry["bindings"] = new JsonObject(workload.Ports.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Binding(p, workload))));
        return entry;
    }

    private static JsonObject Binding(Port port, Workload workload)
    {
        var binding = new JsonObject { ["scheme"] = port.Scheme, ["protocol"] = "tcp", ["transport"] = port.Scheme is "http" or "https" ? "http" : "tcp" };
        if (port.HostPort is { } host)
            binding["port"] = host;
        // A project's image decides for itself.
        if (!workload.IsService)
            binding["targetPort"] = port.Number;
        if (port.IsExternal)
            binding["external"] = true;
        return binding;
    }

    private static JsonObject Parameter(ParameterResource parameter)
    {
        var input = new JsonObject { ["type"] = "string" };
        if (parameter.Secret)
            input["secret"] = true;
        if (DefaultOf(parameter) is { } value)
            input["default"] = value;
        return new JsonObject
        {
            ["type"] = "parameter.v0",
            ["value"] = $"{{{parameter.Name}.inputs.value}}",
            ["inputs"] = new JsonObject { ["value"] = input },
        };
    }

    private static JsonObject? DefaultOf(ParameterResource parameter) => parameter.Default switch
    {
        GenerateParameterDefault generate => new JsonObject { ["generate"] = Generate(generate) },
        ConstantParameterDefault constant => new JsonObject { ["value"] = constant.GetDefaultValue() },
        _ => null,
    };

    private static JsonObject Generate(GenerateParameterDefault generate)
    {
        var rule = new JsonObject { ["minLength"] = generate.MinLength };
        if (!generate.Special)
            rule["special"] = false;
        return rule;
    }
}

internal sealed class ManifestExpressions : Expressions
{
    /// <summary>A resource's connection string is named here, and spelt out with the resource itself.</summary>
    internal string Reference(object value) => value is IManifestExpressionProvider expression ? expression.ValueExpression : Render(value);

    protected override string Parameter(ParameterResource parameter) => parameter.ValueExpression;

    protected override string Endpoint(EndpointReference endpoint, EndpointProperty property) =>
        property == EndpointProperty.Url ? endpoint.ValueExpression : endpoint.Property(property).ValueExpression;
}
