namespace Decision.Engine.Steps;

/// <summary>The key is presented and known.</summary>
internal static class KeyStep
{
    public static Reason Check(ref DecisionContext context)
    {
        if (context.Presence == KeyPresence.Missing)
        {
            context.Sentence = "The request carries no key.";
            return context.Deny(Reason.KeyMissing, "key");
        }

        if (context.Grant is null || context.Presence == KeyPresence.Unknown)
        {
            context.Sentence = "No key has this text: it never existed, was deleted, or was rotated away.";
            return context.Deny(Reason.KeyUnknown, "key");
        }

        if (context.Presence == KeyPresence.FoundById && !context.Grant.Merged.RequiresSignature)
        {
            context.Sentence = "Only the key's id was presented, and the key does not demand a signature that would prove it.";
            return context.Deny(Reason.KeyUnknown, "key");
        }

        if (context.Grant.RemovedAtUs > 0 && context.NowUs > context.Grant.RemovedAtUs)
        {
            context.Sentence = "The key expired, and its time to be kept after that is over too (post_expiry_action).";
            return context.Deny(Reason.KeyUnknown, "key");
        }

        context.Sentence = context.IsExplained ? $"Key {context.Grant.KeyId} of organisation \"{context.Grant.OrganizationId}\"." : "";
        return Reason.Allowed;
    }
}
