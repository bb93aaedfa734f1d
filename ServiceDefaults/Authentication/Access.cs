namespace ServiceDefaults.Authentication;

[Flags]
internal enum Access
{
    None = 0,
    User = 1,
    Admin = 2,
    Pass = 4,
}

/// <summary>Endpoint metadata: who may come in.</summary>
internal sealed record AccessRequirement(Access Access);
