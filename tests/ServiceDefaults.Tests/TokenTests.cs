using Microsoft.Extensions.Options;
using ServiceDefaults.Tokens;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class TokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly string OldKey = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly string NewKey = Convert.ToBase64String([.. Enumerable.Range(101, 48).Select(i => (byte)i)]);

    private readonly FixedTime _time = new(Now);
    private readonly TokenSigner _signer;

    public TokenTests() => _signer = Signer("old", ("old", OldKey));

    private TokenSigner Signer(string active, params (string Id, string Key)[] keys)
    {
        var options = new TokenOptions { ActiveKey = active };
        foreach (var (id, key) in keys)
            options.Keys[id] = key;
        Assert.True(new TokenOptionsValidator().Validate(null, options).Succeeded);
        return new TokenSigner(Options.Create(options), _time);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(long.MaxValue, false)]
    public void A_user_token_says_what_was_signed(long user, bool admin)
    {
        var token = new UserToken(user, admin, Now.AddHours(1));
        Assert.True(_signer.TryVerify(_signer.Sign(token), out UserToken verified));
        Assert.Equal(token, verified);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("01J\"\\<é>한")]
    public void A_queue_token_says_what_was_signed(string? epoch)
    {
        var token = new QueueToken(3, 7, 9_000_000_001, epoch, Now);
        Assert.True(_signer.TryVerify(_signer.Sign(token), out QueueToken verified));
        Assert.Equal(token, verified);
    }

    [Fact]
    public void A_pass_and_a_hold_say_what_was_signed()
    {
        var pass = new Pass(3, 7, 12, Now.AddMinutes(5));
        var hold = new HoldToken(Guid.CreateVersion7(Now), 3, long.MaxValue, Now.AddMinutes(5));
        Assert.True(_signer.TryVerify(_signer.Sign(pass), out Pass verifiedPass));
        Assert.True(_signer.TryVerify(_signer.Sign(hold), out HoldToken verifiedHold));
        Assert.Equal(pass, verifiedPass);
        Assert.Equal(hold, verifiedHold);
    }

    [Fact]
    public void No_token_verifies_with_any_one_bit_flipped()
    {
        foreach (var token in new[] { _signer.Sign(new Pass(3, 7, 12, Now.AddMinutes(5))), _signer.Sign(new HoldToken(Guid.CreateVersion7(Now), 3, 5, Now)) })
        {
            for (var at = 0; at < token.Length * 16; at++)
            {
                var chars = token.ToCharArray();
                chars[at / 16] ^= (char)(1 << (at % 16));
                var flipped = new string(chars);
                Assert.False(_signer.TryVerify(flipped, out Pass _), $"bit {at}");
                Assert.False(_signer.TryVerify(flipped, out HoldToken _), $"bit {at}");
            }
        }
    }

    [Fact]
    public void No_token_verifies_cut_short_or_with_anything_added()
    {
        var token = _signer.Sign(new Pass(3, 7, 12, Now.AddMinutes(5)));
        for (var length = 0; length < token.Length; length++)
        {
            Assert.False(_signer.TryVerify(token[..length], out Pass _));
            Assert.False(_signer.TryVerify(token[length..][1..], out Pass _));
        }
        foreach (var added in new[] { " ", ".", "=", "A", ".e30", new string('x', 4000) })
            Assert.False(_signer.TryVerify(token + added, out Pass _));
    }

    [Fact]
    public void A_token_of_one_kind_is_none_of_another()
    {
        string[] tokens =
        [
            _signer.Sign(new UserToken(3, true, Now.AddHours(1))),
            _signer.Sign(new QueueToken(3, 7, 12, "e", Now)),
            _signer.Sign(new Pass(3, 7, 12, Now.AddHours(1))),
            _signer.Sign(new HoldToken(Guid.CreateVersion7(Now), 3, 5, Now.AddHours(1))),
        ];
        for (var kind = 0; kind < tokens.Length; kind++)
        {
            Assert.Equal(kind == 0, _signer.TryVerify(tokens[kind], out UserToken _));
            Assert.Equal(kind == 1, _signer.TryVerify(tokens[kind], out QueueToken _));
            Assert.Equal(kind == 2, _signer.TryVerify(tokens[kind], out Pass _));
            Assert.Equal(kind == 3, _signer.TryVerify(tokens[kind], out HoldToken _));
        }
    }

    [Fact]
    public void The_header_of_another_kind_on_a_token_does_not_make_it_one()
    {
        var user = _signer.Sign(new UserToken(3, true, Now.AddHours(1)));
        var pass = _signer.Sign(new Pass(3, 7, 12, Now.AddHours(1)));
        Assert.False(_signer.TryVerify(user[..user.IndexOf('.')] + pass[pass.IndexOf('.')..], out UserToken _));
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"pass+jwt"}""")]
    [InlineData("""{"alg":"HS512","typ":"pass+jwt","kid":"old"}""")]
    [InlineData("""{"alg":"HS256","typ":"pass+jwt","kid":"unknown"}""")]
    public void A_header_with_another_algorithm_or_key_is_refused(string header)
    {
        var pass = _signer.Sign(new Pass(3, 7, 12, Now.AddHours(1)));
        var encoded = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(header));
        Assert.False(_signer.TryVerify(encoded + pass[pass.IndexOf('.')..], out Pass _));
        Assert.False(_signer.TryVerify(encoded + pass[pass.IndexOf('.')..(pass.LastIndexOf('.') + 1)], out Pass _));
    }

    [Fact]
    public void Users_and_passes_expire_and_receipts_do_not()
    {
        var user = _signer.Sign(new UserToken(3, false, Now.AddSeconds(1)));
        var pass = _signer.Sign(new Pass(3, 7, 12, Now.AddSeconds(1)));
        var place = _signer.Sign(new QueueToken(3, 7, 12, null, Now));
        var hold = _signer.Sign(new HoldToken(Guid.CreateVersion7(Now), 3, 5, Now.AddSeconds(1)));

        Assert.True(_signer.TryVerify(user, out UserToken _));
        Assert.True(_signer.TryVerify(pass, out Pass _));
        _time.Value = Now.AddSeconds(1);
        Assert.False(_signer.TryVerify(user, out UserToken _));
        Assert.False(_signer.TryVerify(pass, out Pass _));
        Assert.True(_signer.TryVerify(place, out QueueToken _));
        Assert.True(_signer.TryVerify(hold, out HoldToken _));
    }

    [Fact]
    public void Keys_rotate_without_a_token_refused()
    {
        var before = Signer("old", ("old", OldKey), ("new", NewKey));
        var after = Signer("new", ("old", OldKey), ("new", NewKey));
        var end = Signer("new", ("new", NewKey));
        var signedBefore = before.Sign(new Pass(3, 7, 12, Now.AddHours(1)));
        var signedAfter = after.Sign(new Pass(3, 7, 12, Now.AddHours(1)));

        Assert.True(after.TryVerify(signedBefore, out Pass _));
        Assert.True(before.TryVerify(signedAfter, out Pass _));
        Assert.True(end.TryVerify(signedAfter, out Pass _));
        Assert.False(end.TryVerify(signedBefore, out Pass _));
    }

    [Theory]
    [InlineData("", "", "", "Tokens:ActiveKey")]
    [InlineData("k1", "k2", null, "Tokens:Keys:k1")]
    [InlineData("k1", "k1", "not base64!", "Tokens:Keys:k1")]
    [InlineData("k1", "k1", "c2hvcnQ=", "Tokens:Keys:k1")]
    [InlineData("a b", "a b", null, "Tokens:Keys:a b")]
    public void Wrong_options_are_refused_by_name(string active, string id, string? key, string named)
    {
        var options = new TokenOptions { ActiveKey = active };
        options.Keys[id] = key ?? OldKey;
        Assert.StartsWith(named, new TokenOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    private sealed class FixedTime(DateTimeOffset value) : TimeProvider
    {
        public DateTimeOffset Value { get; set; } = value;

        public override DateTimeOffset GetUtcNow() => Value;
    }
}
