using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Local.Publishing.Compose;

/// <summary>The <c>.env</c> beside the compose file: images and parameters. Secrets are left for the operator to fill in.</summary>
internal sealed class EnvironmentFile
{
    private readonly OrderedDictionary<string, (string Comment, string Value)> _values = [];

    internal void Add(string name, string value, string comment) => _values.TryAdd(name, (comment, value));

    internal void AddParametersOf(object value)
    {
        foreach (var parameter in ExpressionParts.ParametersIn(value))
            Add(ComposeExpressions.VariableOf(parameter.Name), PublishedValue(parameter), Describe(parameter));
    }

    internal string Write()
    {
        var text = new StringBuilder("# The values of one deployment. Secrets are empty here: fill them in on the machine, and keep that copy out of the repository.\n");
        foreach (var (name, (comment, value)) in _values)
            text.Append($"\n# {comment}\n{name}={value}\n");
        return text.ToString();
    }

    // A value that was generated for this machine's runs is not published.
    private static string PublishedValue(ParameterResource parameter) =>
        !parameter.Secret && parameter.Default is ConstantParameterDefault constant ? constant.GetDefaultValue() : "";

    private static string Describe(ParameterResource parameter) => parameter switch
    {
        { Default: GenerateParameterDefault { Special: false } generate } =>
            $"{Kind(parameter)}: {generate.MinLength} letters and digits, as from: tr -dc A-Za-z0-9 </dev/urandom | head -c {generate.MinLength}",
        { Default: GenerateParameterDefault generate } => $"{Kind(parameter)}: at least {generate.MinLength} characters",
        _ => Kind(parameter),
    };

    private static string Kind(ParameterResource parameter) => $"Parameter {parameter.Name}{(parameter.Secret ? ", secret" : "")}";
}
