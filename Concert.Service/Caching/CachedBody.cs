using System.Buffers;

namespace ConcertService;

/// <summary>A whole answer, encoded once.</summary>
public sealed record CachedBody(byte[] Json, Reading Reading) : ICached
{
    public int MemoryBytes => 150 + Json.Length;

    public IResult ToAnswer() =>
        new CachedAnswer(CachedAnswer.Tag(Reading.DataSet, 0), CachedAnswer.Public, Json.Length, output => output.Write(Json));
}
