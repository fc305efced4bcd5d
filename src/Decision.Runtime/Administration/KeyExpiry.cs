using Decision.Engine.Grants;
using Decision.Engine.Keys;

namespace Decision.Runtime.Administration;

/// <summary>When a key ends: the rules of trial policies and default expiries.</summary>
internal static class KeyExpiry
{
    /// <summary>A new key: the shortest trial decides, else the caller, else the default.</summary>
    public static Key ForCreation(Key key, MergedKey merged, long nowUs, long defaultSeconds)
    {
        long now = nowUs / 1_000_000;
        return Trial(merged) is { } trial ? key with { Expires = now + trial, IsTrialSettled = true }
            : key.Expires == 0 && defaultSeconds > 0 ? key with { Expires = now + defaultSeconds }
            : key;
    }

    /// <summary>
    /// A changed key. While a trial policy applies only a caller who names <c>expires</c> moves it; a trial that the update removes
    /// leaves its end behind, unless the caller names another.
    /// </summary>
    public static Key ForUpdate(Key before, MergedKey mergedBefore, Key after, MergedKey mergedAfter, bool namesExpires, bool saysExpires = false)
    {
        bool wasTrial = Trial(mergedBefore) is not null;
        bool isTrial = Trial(mergedAfter) is not null;
        if (namesExpires || (saysExpires && !isTrial))
        {
            // 0 is what a whole-object writer says who has no opinion: under a trial it must not mean "for ever", -1 does.
            return isTrial && after.Expires == 0
                ? after with { Expires = before.Expires, IsTrialSettled = before.IsTrialSettled }
                : after with { IsTrialSettled = isTrial };
        }

        return isTrial ? after with { Expires = before.Expires, IsTrialSettled = before.IsTrialSettled }
            : wasTrial ? after with { Expires = mergedBefore.Expires, IsTrialSettled = false }
            : after with { Expires = before.Expires, IsTrialSettled = false };
    }

    private static long? Trial(MergedKey merged) =>
        merged.Policies.Select(entry => entry.Policy.KeyExpiresIn).Where(seconds => seconds > 0).Order().Cast<long?>().FirstOrDefault();
}
