using Aspire.Hosting.ApplicationModel;

namespace Local.Publishing.Compose;

/// <summary>A parameter is a variable of the <c>.env</c> file.</summary>
internal sealed class ComposeExpressions : Expressions
{
    /// <summary>Compose would take a dollar sign for a variable.</summary>
    internal static string Escape(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    internal static string VariableOf(string name) => name.ToUpperInvariant().Replace('-', '_');

    internal static string Placeholder(string variable) => $"${{{variable}}}";

    protected override string Literal(string text) => Escape(text);

    protected override string Parameter(ParameterResource parameter) => Placeholder(VariableOf(parameter.Name));
}
