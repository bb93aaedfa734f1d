using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace PaymentService.Tests;

public sealed class OpenApiTests(Infrastructure infrastructure)
{
    private static readonly (string Operation, string Answers)[] Expected =
    [
        ("GET /api/v1/admin/dead-letters", "200 400 401 403 503"),
        ("POST /api/v1/admin/dead-letters/replay", "200 400 401 403 404 503"),
        ("POST /api/v1/admin/outbox/refeed", "200 400 401 403 503"),
        ("GET /api/v1/wallet", "200 401 503"),
        ("GET /api/v1/wallet/entries", "200 400 401 503"),
        ("POST /api/v1/wallet/charges", "200 400 401 409 413 415 422 503"),
        ("POST /api/v1/payments", "201 202 400 401 402 409 410 413 415 422 503"),
        ("GET /api/v1/payments/{id}", "200 401 404 503"),
    ];

    [Fact]
    public async Task The_document_has_every_endpoint_with_its_answers()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        var paths = (await till.Any().GetFromJsonAsync<JsonNode>("openapi/v1.json"))!["paths"]!.AsObject();
        var operations = paths
            .SelectMany(path => path.Value!.AsObject(), (path, operation) => ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!["responses"]!.AsObject()))
            .ToDictionary(o => o.Item1, o => o.Item2.Select(answer => answer.Key).ToHashSet());

        Assert.Equal(Expected.Select(e => e.Operation).Order(StringComparer.Ordinal), operations.Keys.Order(StringComparer.Ordinal));
        Assert.All(Expected, e => Assert.Superset(e.Answers.Split(' ').ToHashSet(), operations[e.Operation]));
    }
}
