using Contracts;
using Microsoft.Extensions.Options;

namespace PaymentService.Gateways;

/// <summary>Configuration section <c>PaymentGateway</c>.</summary>
public sealed class PaymentGatewayOptions
{
    public const string Section = "PaymentGateway";

    /// <summary>What the gateways together may take of one request; then the answer is 202.</summary>
    public TimeSpan TotalBudget { get; set; } = TimeSpan.FromSeconds(3);

    public GatewayOptions Primary { get; set; } = new() { Name = ResourceNames.PrimaryGateway };

    public GatewayOptions Backup { get; set; } = new() { Name = ResourceNames.BackupGateway };
}

internal sealed class ValidatePaymentGatewayOptions : IValidateOptions<PaymentGatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, PaymentGatewayOptions options)
    {
        var mistakes = FindMistakes(options).ToArray();
        return mistakes is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> FindMistakes(PaymentGatewayOptions options)
    {
        const string Section = PaymentGatewayOptions.Section;
        if (options.TotalBudget <= TimeSpan.Zero || options.TotalBudget > TimeSpan.FromMinutes(1))
            yield return $"{Section}:TotalBudget must be above 0 and at most 1 minute.";
        if (string.Equals(options.Primary.Name, options.Backup.Name, StringComparison.OrdinalIgnoreCase))
            yield return $"{Section}:Backup:Name must differ from {Section}:Primary:Name.";
        foreach (var mistake in options.Primary.FindMistakes($"{Section}:Primary").Concat(options.Backup.FindMistakes($"{Section}:Backup")))
            yield return mistake;
    }
}
