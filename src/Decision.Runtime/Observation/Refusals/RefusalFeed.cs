using System.Collections.Immutable;
using Decision.Runtime.Administration;
using Decision.Runtime.Observation.Notes;

namespace Decision.Runtime.Observation.Refusals;

/// <summary>Tells refusals live to those who follow them. As long as nobody does, it costs a refusal one look, and an admission nothing.</summary>
public sealed class RefusalFeed
{
    /// <summary>How many may follow at a time.</summary>
    public const int MostFollowers = 64;

    private ImmutableArray<RefusalFollower> _followers = [];

    internal bool HasFollowers => _followers.Length > 0;

    /// <summary>Begins to follow; ends when the follower is disposed of.</summary>
    /// <exception cref="AdministrationException">Too many follow already.</exception>
    public RefusalFollower Follow(RefusalFilter filter)
    {
        var follower = new RefusalFollower(filter, Leave);
        bool isTaken = ImmutableInterlocked.Update(
            ref _followers, static (all, one) => all.Length < MostFollowers ? all.Add(one) : all, follower);
        return isTaken
            ? follower
            : throw new AdministrationException(
                AdministrationError.FailedPrecondition, $"{MostFollowers} follow the refusals of this server already: end one of them first.");
    }

    internal void Tell(DecisionNote note)
    {
        foreach (var follower in _followers)
        {
            follower.Tell(note);
        }
    }

    private void Leave(RefusalFollower follower) => ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Remove(one), follower);
}
