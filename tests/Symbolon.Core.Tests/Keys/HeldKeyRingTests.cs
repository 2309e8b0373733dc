using static Symbolon.Some;

namespace Symbolon.Keys;

/// <summary>What a server signs by between two looks into the store: the key that is in force by the store's clock, for a while.</summary>
public sealed class HeldKeyRingTests
{
    private static readonly KeyRingPolicy Policy = KeyRingPolicy.Default;
    private static readonly SigningKeyRing Two = SigningKeyRing.Empty
        .Rotate(SigningKeyRingTests.Key("1", T0, T0), T0, Policy)
        .Rotate(SigningKeyRingTests.Key("2", T0, T0.AddMinutes(15)), T0, Policy);

    [Fact]
    public void TrustFor_IsShorterThanAnnounceFor() => Assert.True(Policy.TrustFor < Policy.AnnounceFor);

    [Theory]
    [InlineData(0, 0, "1")]
    [InlineData(0, 14.999, "1")]
    [InlineData(0, 15, null)] // too old
    [InlineData(890, 9.999, "1")]
    [InlineData(890, 10, "2")] // takes over between two looks
    [InlineData(890, 15, null)]
    [InlineData(0, 86_400, null)]
    public void Signing_FollowsTheStoresClock_ForAWhile(int readAfterSeconds, double ageSeconds, string? kid) =>
        Assert.Equal(kid, new HeldKeyRing(Two, T0.AddSeconds(readAfterSeconds)).Signing(TimeSpan.FromSeconds(ageSeconds), [], Policy)?.Kid);

    [Fact]
    public void Signing_IsRefused_WhenTheKeyWasRemoved()
    {
        var held = new HeldKeyRing(Two, T0);
        Assert.Null(held.Signing(TimeSpan.Zero, ["1"], Policy));
        Assert.Equal("1", held.Signing(TimeSpan.Zero, ["2", "3"], Policy)?.Kid);
        Assert.Null(new HeldKeyRing(SigningKeyRing.Empty, T0).Signing(TimeSpan.Zero, [], Policy));
    }

    // Whatever the order of a read, a rotation elsewhere and the signing: what is signed by is what the store's newest ring says at that moment.
    [Fact]
    public void Signing_AgreesWithTheStore_HoweverOldTheRead()
    {
        for (var rotatedAt = 0; rotatedAt < 100; rotatedAt++)
        {
            var (made, before) = (T0.AddDays(90).AddSeconds(rotatedAt), SigningKeyRing.Empty.Rotate(SigningKeyRingTests.Key("1", T0, T0), T0, Policy));
            var after = before.Rotate(SigningKeyRingTests.Key("2", made, before.NextSignsFrom(made, Policy)), made, Policy);
            for (var readAt = made - Policy.TrustFor; readAt < made; readAt += TimeSpan.FromSeconds(1))
            {
                for (var age = TimeSpan.Zero; age < Policy.TrustFor; age += TimeSpan.FromSeconds(1))
                    Assert.Equal(after.Active(readAt + age, Policy)!.Kid, new HeldKeyRing(before, readAt).Signing(age, [], Policy)!.Kid);
            }
        }
    }
}
