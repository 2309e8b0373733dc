namespace Symbolon.Sessions;

/// <summary>What one read of the primary tells about a session: enough to decide.</summary>
/// <param name="Session">The row, or null when there is none.</param>
/// <param name="Subject">The subject's row, or null when there is none.</param>
/// <param name="Era">The era in force.</param>
/// <param name="Now">The store's clock, read with the row; a cluster has one clock, its database's.</param>
/// <remarks>DESIGN §4.1: decisions read the primary, never a replica or a cache.</remarks>
public sealed record SessionFacts(Session? Session, Subject? Subject, int Era, DateTimeOffset Now);
