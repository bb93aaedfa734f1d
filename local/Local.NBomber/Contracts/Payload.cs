namespace NBomber.Contracts;

/// <summary>What a step brought back, if anything.</summary>
public readonly struct Payload<T>
{
    private readonly T? value;
    private readonly bool present;

    public Payload(T value)
    {
        this.value = value;
        present = true;
    }

    public T Value => present ? value! : throw new InvalidOperationException("This response has no payload.");

    public bool IsSome() => present;

    public bool IsNone() => !present;
}
