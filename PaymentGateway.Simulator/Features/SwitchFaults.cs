using System.Text.Json;
using PaymentGatewaySimulator.Faults;
using ServiceDefaults.Problems;

namespace PaymentGatewaySimulator.Features;

/// <summary>The operator's switches; what is left out of the body is switched off.</summary>
internal static class SwitchFaults
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/faults", (FaultSwitch faults) => Results.Json(faults.Settings, GatewayJson.Default.FaultSettings))
            .Produces<FaultSettings>();
        app.MapPut("/faults", Put).Produces<FaultSettings>().ProducesProblems(StatusCodes.Status400BadRequest);
    }

    private static IResult Put(FaultSettings settings, FaultSwitch faults)
    {
        if (settings.FindMistake() is { } field)
            return Problem.Invalid(JsonNamingPolicy.CamelCase.ConvertName(field), "Out of range.");
        faults.Settings = settings;
        return Results.Json(settings, GatewayJson.Default.FaultSettings);
    }
}
