using System.Text.Json;

namespace ServiceDefaults.Tokens;

[Flags]
internal enum Claim
{
    None = 0,
    Subject = 1,
    Concert = 2,
    Ticket = 4,
    Amount = 8,
    Reservation = 16,
    Admin = 32,
    IssuedAt = 64,
    ExpiresAt = 128,
}

/// <summary>The claims of all kinds, read from a verified payload without a document in between.</summary>
internal struct Claims
{
    public Claim Present;
    public long Subject;
    public long Concert;
    public long Ticket;
    public long Amount;
    public long Admin;
    public Guid Reservation;
    public string? Epoch;
    public DateTimeOffset IssuedAt;
    public DateTimeOffset ExpiresAt;

    /// <summary>Reads what was signed. Unknown claims are skipped, so that a newer issuer may add some; false when a known one has another shape.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out Claims claims)
    {
        claims = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!claims.TryReadMember(ref reader))
                    return false;
            }
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private bool TryReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("sub"u8))
            return TryReadNumber(ref reader, Claim.Subject, ref Subject);
        if (reader.ValueTextEquals("con"u8))
            return TryReadNumber(ref reader, Claim.Concert, ref Concert);
        if (reader.ValueTextEquals("tic"u8))
            return TryReadNumber(ref reader, Claim.Ticket, ref Ticket);
        if (reader.ValueTextEquals("amt"u8))
            return TryReadNumber(ref reader, Claim.Amount, ref Amount);
        if (reader.ValueTextEquals("adm"u8))
            return TryReadNumber(ref reader, Claim.Admin, ref Admin);
        if (reader.ValueTextEquals("iat"u8))
            return TryReadTime(ref reader, Claim.IssuedAt, ref IssuedAt);
        if (reader.ValueTextEquals("exp"u8))
            return TryReadTime(ref reader, Claim.ExpiresAt, ref ExpiresAt);
        if (reader.ValueTextEquals("rid"u8))
        {
            Present |= Claim.Reservation;
            return reader.Read() && reader.TryGetGuid(out Reservation);
        }
        var isEpoch = reader.ValueTextEquals("epo"u8);
        if (!reader.Read())
            return false;
        if (isEpoch)
            Epoch = reader.GetString();
        else
            reader.Skip();
        return true;
    }

    private bool TryReadNumber(ref Utf8JsonReader reader, Claim claim, ref long value)
    {
        Present |= claim;
        return reader.Read() && reader.TryGetInt64(out value);
    }

    private bool TryReadTime(ref Utf8JsonReader reader, Claim claim, ref DateTimeOffset value)
    {
        Present |= claim;
        return reader.Read() && reader.TryGetDecimal(out var seconds) && NumericDate.TryParse(seconds, out value);
    }
}
