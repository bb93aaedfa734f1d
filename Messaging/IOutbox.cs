namespace Messaging;

/// <summary>The relay of this service's outbox.</summary>
public interface IOutbox
{
    /// <summary>Say it after the commit: the relay sends at once instead of at its next look.</summary>
    void Wake();
}
