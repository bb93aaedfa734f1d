using Aspire.Hosting.ApplicationModel;
using Local.Engine;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    /// <summary>From configuration <c>Parameters:&lt;name&gt;</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.Add(name, () => throw new DistributedApplicationException($"Parameter '{name}' has no value: set Parameters:{name}."), secret);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        var parameter = builder.Add(name, () => value, secret);
        if (publishValueAsDefault)
            parameter.Resource.Default = new ConstantParameterDefault(builder.Configuration["Parameters:" + name] ?? value);
        return parameter;
    }

    /// <summary>A generated value is kept in the state folder, so that it is the same after a restart.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var parameter = builder.Add(name, () => GeneratedValues.Of(builder).GetOrAdd(name, value.GetDefaultValue), secret);
        parameter.Resource.Default = value;
        return parameter;
    }

    internal static ParameterResource GeneratedPassword(this IDistributedApplicationBuilder builder, string owner)
    {
        var parameter = builder.NewParameter(
            owner + "-password",
            () => GeneratedValues.Of(builder).GetOrAdd(owner + "-password", Password.GetDefaultValue),
            secret: true);
        parameter.Default = Password;
        return parameter;
    }

    // Aspire's own rule for Redis; it spares every other store's clients the escaping of special characters.
    private static GenerateParameterDefault Password => new() { MinLength = 22, Special = false };

    private static IResourceBuilder<ParameterResource> Add(this IDistributedApplicationBuilder builder, string name, Func<string> orElse, bool secret) =>
        builder.AddResource(builder.NewParameter(name, orElse, secret));

    private static ParameterResource NewParameter(this IDistributedApplicationBuilder builder, string name, Func<string> orElse, bool secret) =>
        new(name, _ => builder.Configuration["Parameters:" + name] ?? orElse(), secret);
}
