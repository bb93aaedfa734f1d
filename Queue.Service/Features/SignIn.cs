using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace QueueService.Features;

/// <summary>Who wants to sign in.</summary>
public sealed record SignInRequest(long UserId, bool Admin = false);

public sealed record SignInAnswer(string Token);

/// <summary>Signs anybody in as anybody: in Development only, where no identity provider is at hand.</summary>
public static class SignIn
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/dev/sign-in", Handle)
            .WithSummary("A user token for anybody (Development only)")
            .Produces<SignInAnswer>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);

    private static IResult Handle(SignInRequest request, TokenSigner tokens, TimeProvider time)
        => request.UserId > 0
            ? TypedResults.Ok(new SignInAnswer(tokens.Sign(new UserToken(request.UserId, request.Admin, time.GetUtcNow() + Lifetime))))
            : Problem.Invalid("userId", "A user's id is a positive number.");
}
