using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contracts;

namespace EndToEnd.Tests;

/// <summary>
/// Everything that can be wrong, at every endpoint that the OpenAPI documents name: the answer is a problem that the document promises,
/// and never a 500. What each field of a body may be is tested beside its service.
/// </summary>
public sealed class BadInputTests(RunningSystem system, Sale sale) : IClassFixture<Sale>
{
    private const int BodyTooLarge = 413;
    private const int NotSignedIn = 401;
    private const int NotAllowed = 403;

    private static readonly string[] BadValues = ["x", "-1", "0", "1.5", "9223372036854775808", "%FF%FE", "..%2F..", new('a', 3_000)];

    // In a path the empty value is another address.
    private static readonly string[] BadQueryValues = [.. BadValues, ""];

    private static readonly (string What, Func<HttpContent?> Make)[] BadBodies =
    [
        ("no body", () => null),
        ("an empty body", () => Json("")),
        ("null", () => Json("null")),
        ("an array", () => Json("[]")),
        ("a string", () => Json("\"x\"")),
        ("half a body", () => Json("{")),
        ("nothing in it", () => Json("{}")),
        ("invalid UTF-8", () => Json([.. "{\""u8, 0xff, 0xfe, .. "\":1}"u8])),
        ("deep nesting", () => Json($"{new string('[', 1_000)}{new string(']', 1_000)}")),
        ("another content type", () => new StringContent("{}", Encoding.UTF8, "text/plain")),
        ("1 MB", () => Json(new byte[1 << 20])),
    ];

    public static TheoryData<string> Services => [ResourceNames.Queue, ResourceNames.Concert, ResourceNames.Reservation, ResourceNames.Payment];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Is_refused_with_a_problem_that_the_document_promises(string service)
    {
        using var client = system.Client(service);
        var caller = await CallerAsync();
        var document = (await client.GetFromJsonAsync<JsonNode>("openapi/v1.json", TestContext.Current.CancellationToken))!;
        var faults = new List<string>();
        var asked = 0;
        foreach (var operation in Operations(document))
        {
            foreach (var bad in BadRequests(operation, caller))
            {
                asked++;
                using var request = bad.Request;
                using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
                if (await FaultAsync(answer, operation, bad.Expected) is { } fault)
                    faults.Add($"{operation.Method} {operation.Path}, {bad.What}: {(int)answer.StatusCode}, {fault}");
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(asked > Operations(document).Count());
    }

    /// <param name="AtNoOne">The address of a concert, schedule, reservation or token that is not there.</param>
    private sealed record Operation(
        HttpMethod Method, string Path, string AtNoOne, string[] PathParameters, string[] QueryParameters, bool HasBody, HashSet<int> Answers);

    private sealed record Caller(string User, string Admin, string Pass)
    {
        public string For(Operation operation) => operation.Path.Contains("/admin/", StringComparison.Ordinal) ? Admin : User;
    }

    private static IEnumerable<Operation> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        let parameters = operation.Value!["parameters"]?.AsArray() ?? []
        select new Operation(
            HttpMethod.Parse(operation.Key), path.Key, AtNoOne(path.Key, parameters), Names(parameters, "path"), Names(parameters, "query"), operation.Value["requestBody"] is not null,
            [.. operation.Value["responses"]!.AsObject().Select(r => int.Parse(r.Key))]);

    private static string[] Names(JsonArray parameters, string place) =>
        [.. parameters.Where(p => (string)p!["in"]! == place).Select(p => (string)p!["name"]!)];

    private static string AtNoOne(string path, JsonArray parameters) =>
        parameters.Where(p => (string)p!["in"]! == "path").Aggregate(path, (at, p) => at.Replace(
            $"{{{p!["name"]}}}", (string?)p["schema"]?["format"] == "int64" ? $"{long.MaxValue}" : $"{Guid.CreateVersion7()}", StringComparison.Ordinal));

    private static IEnumerable<(string What, HttpRequestMessage Request, int? Expected)> BadRequests(Operation operation, Caller caller)
    {
        var token = caller.For(operation);
        foreach (var name in operation.PathParameters)
        {
            foreach (var value in BadValues)
                yield return ($"{name}={Short(value)}", Request(operation, operation.Path.Replace($"{{{name}}}", value, StringComparison.Ordinal), token, caller.Pass, Json("{}")), null);
        }
        foreach (var name in operation.QueryParameters)
        {
            foreach (var value in BadQueryValues.Except(["0"]))
                yield return ($"?{name}={Short(value)}", Request(operation, $"{operation.AtNoOne}?{name}={value}", token, caller.Pass, Json("{}")), null);
        }
        if (operation.HasBody)
        {
            foreach (var (what, make) in BadBodies)
                yield return (what, Request(operation, operation.AtNoOne, token, caller.Pass, make()), what == "1 MB" ? BodyTooLarge : null);
        }
        if (operation.Answers.Contains(NotSignedIn))
        {
            foreach (var bad in new[] { null, "", "forged", "a.b.c", caller.Pass, $"{token[..^3]}AAA" })
                yield return ($"the user token {bad}", Request(operation, operation.AtNoOne, bad, caller.Pass, Json("{}")), NotSignedIn);
        }
        if (operation.Path.Contains("/admin/", StringComparison.Ordinal))
            yield return ("a user's token", Request(operation, operation.AtNoOne, caller.User, caller.Pass, Json("{}")), NotAllowed);
    }

    private static HttpRequestMessage Request(Operation operation, string path, string? user, string pass, HttpContent? body)
    {
        var request = new HttpRequestMessage(operation.Method, path) { Content = operation.HasBody ? body : null };
        if (user is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {user}");
        request.Headers.TryAddWithoutValidation("X-Queue-Pass", pass);
        request.Headers.Add("Idempotency-Key", "bad-input");
        // Who waits to be asked for a large body hears the refusal, instead of a closed connection.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > 1 << 19;
        return request;
    }

    private static async Task<string?> FaultAsync(HttpResponseMessage answer, Operation operation, int? expected)
    {
        var status = (int)answer.StatusCode;
        if (status is < 400 or >= 500)
            return "where it should be refused";
        if (expected is { } one && status != one)
            return $"where it should be {one}";
        if (status != BodyTooLarge && !operation.Answers.Contains(status))
            return "of which the document says nothing";
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"which is no problem but {answer.Content.Headers.ContentType}";
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        return (string?)problem["type"] is { } type && type.StartsWith("urn:concert:problem:", StringComparison.Ordinal) && problem["traceId"] is not null
            ? null
            : $"which names no problem of ours: {problem.ToJsonString()}";
    }

    private async Task<Caller> CallerAsync()
    {
        using var queue = system.Client(ResourceNames.Queue);
        var buyer = await sale.BuyerAsync();
        return new Caller(await SignInAsync(new { userId = buyer.UserId }), await SignInAsync(new { userId = buyer.UserId, admin = true }), buyer.Pass);

        async Task<string> SignInAsync(object who)
        {
            using var answer = await queue.PostAsJsonAsync("api/v1/dev/sign-in", who);
            return (string)(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["token"]!;
        }
    }

    private static string Short(string value) => value.Length > 20 ? $"{value[..10]}…" : value;

    private static ByteArrayContent Json(string text) => Json(Encoding.UTF8.GetBytes(text));

    private static ByteArrayContent Json(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
