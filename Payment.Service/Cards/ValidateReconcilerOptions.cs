using Microsoft.Extensions.Options;
using PaymentService.Gateways;

namespace PaymentService.Cards;

internal sealed class ValidateReconcilerOptions(IOptions<PaymentGatewayOptions> gateways) : IValidateOptions<ReconcilerOptions>
{
    public ValidateOptionsResult Validate(string? name, ReconcilerOptions options)
    {
        var mistakes = options.FindMistakes(gateways.Value.TotalBudget).ToArray();
        return mistakes is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
