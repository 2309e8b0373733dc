namespace Symbolon.Sessions;

/// <summary>What the authority itself keeps of an account, beside whatever holds the account.</summary>
/// <param name="Id">The account's id (<c>sub</c>).</param>
/// <param name="Epoch">Hard: sessions that started below it count as ended.</param>
/// <param name="EpochReason">Why it was raised last, or null when it never was.</param>
/// <param name="ClaimsVersion">Soft: access tokens below it are to be refreshed.</param>
/// <param name="DisabledAt">Since when nobody may sign in, or null.</param>
/// <param name="DeletedAt">Since when the account is gone, or null. The id stays as a tombstone, so that it means nobody else.</param>
public sealed record Subject(SubjectId Id, int Epoch, EndReason? EpochReason, int ClaimsVersion, DateTimeOffset? DisabledAt, DateTimeOffset? DeletedAt)
{
    /// <summary>A subject to whom nothing has happened yet.</summary>
    public static Subject New(SubjectId id) => new(id, Epoch: 0, EpochReason: null, ClaimsVersion: 0, DisabledAt: null, DeletedAt: null);
}
