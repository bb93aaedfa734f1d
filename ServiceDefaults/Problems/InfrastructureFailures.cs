using Microsoft.AspNetCore.Http;
using Npgsql;
using ServiceDefaults.Redis;
using StackExchange.Redis;

namespace ServiceDefaults.Problems;

/// <summary>Tells a store or neighbour that is away or too busy from a bug.</summary>
public static class InfrastructureFailures
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Nobody's mistake: it will work when tried again later.</summary>
    public static bool IsAway(Exception e) => Problem(e) is { Status: StatusCodes.Status503ServiceUnavailable };

    internal static ProblemResult? Problem(Exception e) => e switch
    {
        // A NUL or a lone surrogate is fine in JSON and in .NET, but not in PostgreSQL's text.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter }
            => Problems.Problem.Invalid("body", "A text holds a character that cannot be stored."),
        PostgresException p when !IsPassing(p) => null,
        NpgsqlException => Problems.Problem.Overloaded("The database is away or too busy.", RetryAfter),
        RedisServerException => null,
        RedisUnavailableException or RedisException => Problems.Problem.Overloaded("The cache is away or too busy.", RetryAfter),
        HttpRequestException or TimeoutException or OperationCanceledException
            => Problems.Problem.Overloaded("Something that this service needs did not answer in time.", RetryAfter),
        { InnerException: { } inner } when e is not BadHttpRequestException => Problem(inner),
        _ => null,
    };

    /// <summary>Deadlock, serialization failure, too many connections, lock or statement time-out, server stopping or starting.</summary>
    internal static bool IsPassing(PostgresException e)
        => e.IsTransient || e.SqlState is PostgresErrorCodes.QueryCanceled || e.SqlState.StartsWith("57P", StringComparison.Ordinal);
}
