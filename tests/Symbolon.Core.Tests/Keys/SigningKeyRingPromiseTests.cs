using FsCheck;
using FsCheck.Fluent;
using static Symbolon.Some;

namespace Symbolon.Keys;

/// <summary>[I6] Rotation of signing keys refuses no token: over random rotations, removals and times.</summary>
public sealed class SigningKeyRingPromiseTests
{
    private static readonly KeyRingPolicy Ring = KeyRingPolicy.Default;
    private static readonly TimeSpan LongestToken = TimeSpan.FromHours(1);

    // Minutes to wait, then what to do: 0 to 2 nothing, 3 to 5 rotate, 6 remove the active key, 7 remove an announced one.
    private static Arbitrary<(int Minutes, int Act)[]> Runs() => Arb.From(
        Gen.ArrayOf(from minutes in Gen.Frequency((3, Gen.Choose(1, 20)), (2, Gen.Choose(20, 100)), (1, Gen.Choose(1_000, 200_000))) from act in Gen.Choose(0, 7) select (minutes, act), 40),
        run => Enumerable.Range(0, run.Length).Select(at => run[..at].Concat(run[(at + 1)..]).ToArray()));

    [Fact]
    public void I6_RotationRefusesNoToken() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000).WithQuietOnSuccess(true).WithName("[I6]"),
        Prop.ForAll(Runs(), run =>
        {
            var life = new Life();
            foreach (var (minutes, act) in run)
            {
                for (var passed = 0; passed < Math.Min(minutes, 100); passed++) life.Pass(TimeSpan.FromMinutes(minutes > 100 ? minutes / 100d : 1));
                life.Do(act);
            }
        }));

    private sealed class Life
    {
        private readonly Dictionary<string, DateTimeOffset> signedAt = []; // the last token of each key: it lives longest
        private readonly HashSet<string> removed = [];
        private readonly HashSet<string> emergencies = ["1"]; // the first needs no announcement either
        private SigningKeyRing ring = SigningKeyRing.Empty.Rotate(SigningKeyRingTests.Key("1", T0, T0), T0, Ring);
        private DateTimeOffset now = T0;
        private int made = 1;

        public void Pass(TimeSpan span)
        {
            now += span;
            Look();
        }

        public void Do(int act)
        {
            if (act is >= 3 and <= 5) ring = ring.Rotate(SigningKeyRingTests.Key($"{++made}", now, ring.NextSignsFrom(now, Ring)), now, Ring);
            if (act == 6) Remove(ring.Active(now, Ring)!.Kid, needsSuccessor: true);
            if (act == 7 && ring.Keys.FirstOrDefault(key => ring.StateOf(key, now, Ring) is KeyState.Announced) is { } waiting) Remove(waiting.Kid, needsSuccessor: false);
            Look();
        }

        private void Remove(string kid, bool needsSuccessor)
        {
            removed.Add(kid);
            if (needsSuccessor) emergencies.Add($"{++made}");
            ring = ring.Remove(kid, needsSuccessor ? SigningKeyRingTests.Key($"{made}", now, now) : null, now, Ring);
        }

        private void Look()
        {
            var active = Assert.Single(ring.Keys, key => ring.StateOf(key, now, Ring) is KeyState.Active);
            if (!emergencies.Contains(active.Kid) && now - active.AnnouncedAt < Ring.AnnounceFor) Assert.Fail($"{active.Kid} signs too early");
            signedAt[active.Kid] = now;
            var published = ring.Published(now, Ring).Select(key => key.Kid).ToHashSet();
            foreach (var (kid, last) in signedAt)
                if (last + LongestToken > now && !removed.Contains(kid) && !published.Contains(kid)) Assert.Fail($"tokens of {kid} are refused");
            foreach (var kid in removed)
                if (published.Contains(kid)) Assert.Fail($"{kid} was removed and is published");
        }
    }
}
