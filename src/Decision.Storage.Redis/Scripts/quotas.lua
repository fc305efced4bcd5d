-- Quotas. A state: n start of the period (0 = none), c used, e until when it counts by its terms at the last change (0 = always).
quotas = module(function(quotas)
  function quotas.unpack(bytes, spare)
    if byte(bytes) ~= QUOTA_STATE or #bytes ~= 25 then error('damaged') end
    local s = spare and spare.k == QUOTA_STATE and spare or {}
    s.k, s.n, s.c, s.e = sunpack('<Bddd', bytes)
    return s
  end

  function quotas.pack(s)
    return spack('<Bddd', QUOTA_STATE, s.n, s.c, s.e)
  end

  -- What of a state belongs to the period that runs now: its start (0 = none runs) and what was used in it.
  local function running(l, s, now)
    if not s or s.n == 0 then return 0, 0 end
    if l.k == ROLLING then
      if l.p > 0 and now - s.n >= l.p then return 0, 0 end
    elseif s.n < l.ws then
      return 0, 0
    end
    return s.n, s.c
  end
  quotas.running = running

  local function end_of(l, start, now)
    if l.k == CALENDAR then return l.we end
    if l.p == 0 then return nil end
    return (start == 0 and now or start) + l.p
  end
  quotas.end_of = end_of

  -- As log.usual.
  function quotas.usual(l, bytes, cost, now)
    local kind, n, c, ends = QUOTA_STATE, 0, 0, l.we
    if bytes then
      if #bytes ~= 25 then return nil end
      kind, n, c = sunpack('<Bdd', bytes)
    end
    if kind ~= QUOTA_STATE or n > now then return nil end
    if l.k == CALENDAR then
      if now < l.ws or now >= ends then return nil end
      if n < l.ws then n, c = now, 0 end
    else
      if l.p == 0 then return nil end
      if n == 0 or now - n >= l.p then n, c = now, 0 end
      ends = n + l.p
    end
    c = c + cost
    if c > l.m or c >= EXACT then return nil end
    return spack('<Bddd', QUOTA_STATE, n, c, ends), c, ends - now
  end

  -- As limits.test.
  function quotas.test(_, l, s, cost, now)
    local start, used = running(l, s, now)
    local refused = cost > 0 and cost > l.m - used
    if not refused then used = used + cost end
    local ends = end_of(l, start, now)
    local left = ends and ends - now or -1
    return refused, used, used > 0 and left or 0, refused and (cost > l.m and -1 or left) or 0
  end

  -- Adds to what was used, or with a negative delta takes from it; answers the new state.
  function quotas.adjust(l, s, delta, now)
    local start, used = running(l, s, now)
    used = max(0, min(used + delta, EXACT - 1))
    if start == 0 and used > 0 then start = now end
    s = s or {k = QUOTA_STATE}
    s.n, s.c, s.e = start, used, start > 0 and end_of(l, start, now) or 0
    return s
  end
end)
