using Aspire.Hosting.ApplicationModel;

namespace Local.Engine;

/// <summary>The values of the model's secret parameters and the key of its telemetry, to be kept off every screen.</summary>
internal sealed class Secrets
{
    private const string Mask = "●●●●●●";

    // Also as they stand in a URI.
    private readonly List<string> _values;

    private Secrets(IEnumerable<string> values) =>
        _values = values.Where(v => v.Length > 0).SelectMany(v => new[] { v, Uri.EscapeDataString(v) }).Distinct(StringComparer.Ordinal).OrderByDescending(v => v.Length).ToList();

    internal static async Task<Secrets> OfAsync(IEnumerable<IResource> resources, string? otlpApiKey, CancellationToken cancellationToken)
    {
        var values = new List<string> { otlpApiKey ?? "" };
        foreach (var parameter in resources.Select(ParameterOf).OfType<ParameterResource>().Where(p => p.Secret))
            values.Add(await parameter.GetValueAsync(cancellationToken) ?? "");
        return new Secrets(values);
    }

    internal bool IsIn(string text) => _values.Exists(v => text.Contains(v, StringComparison.Ordinal));

    internal string Hide(string text)
    {
        foreach (var value in _values)
            text = text.Replace(value, Mask, StringComparison.Ordinal); // Returns the same string where there is nothing to hide.
        return text;
    }

    private static ParameterResource? ParameterOf(IResource resource) => resource switch
    {
        ParameterResource parameter => parameter,
        PostgresServerResource postgres => postgres.PasswordParameter,
        RedisResource redis => redis.PasswordParameter,
        _ => null,
    };
}
