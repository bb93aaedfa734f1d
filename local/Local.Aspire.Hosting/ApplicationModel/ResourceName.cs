namespace Aspire.Hosting.ApplicationModel;

/// <summary>Aspire's rule for names, so that a model which runs here also runs there.</summary>
internal static class ResourceName
{
    private const int MaxLength = 64;

    internal static string Checked(string name)
    {
        var valid = name.Length is > 0 and <= MaxLength
            && char.IsAsciiLetter(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && !name.Contains("--", StringComparison.Ordinal)
            && name[^1] != '-';
        return valid
            ? name
            : throw new ArgumentException(
                $"'{name}' is no resource name: 1 to {MaxLength} ASCII letters, digits and single hyphens, a letter first, no hyphen last.", nameof(name));
    }
}
