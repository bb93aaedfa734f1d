using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with holes that are filled when the application runs, or written as expressions into a manifest.</summary>
public sealed class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly IReadOnlyList<Part> _parts;

    private ReferenceExpression(IReadOnlyList<Part> parts) => _parts = parts;

    internal IReadOnlyList<Part> Parts => _parts;

    public string ValueExpression => string.Concat(_parts.Select(p => p.Literal ?? p.Expression!.ValueExpression));

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            var value = part.Literal ?? await part.Value!.GetValueAsync(cancellationToken);
            text.Append(part.Format == "uri" ? Uri.EscapeDataString(value ?? "") : value);
        }
        return text.ToString();
    }

    internal sealed record Part(string? Literal, IValueProvider? Value, IManifestExpressionProvider? Expression, string? Format);

    [InterpolatedStringHandler]
    public readonly struct ExpressionInterpolatedStringHandler
    {
        internal List<Part> Parts { get; }

#pragma warning disable IDE0060, CA1801 // The compiler passes both.
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) => Parts = new(2 * formattedCount + 1);
#pragma warning restore IDE0060, CA1801

        public void AppendLiteral(string value) => Parts.Add(new(value, null, null, null));

        public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, format: null);

        public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider =>
            Parts.Add(new(null, valueProvider, valueProvider, format));
    }
}
