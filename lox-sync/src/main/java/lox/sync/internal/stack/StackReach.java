package lox.sync.internal.stack;

/**
 * Whether the calling thread has the stack that an operation needs once it has begun to change something. Code of the
 * JDK reserves stack for that; other code can only look first.
 *
 * <p>A method that has many local variables takes much stack while it is interpreted. Compiled it takes little, but
 * HotSpot's compilers let a method fail at its beginning if there is not enough for its interpreted form, to which it
 * may have to go back: so this one reaches some kilobytes ahead and costs no more than two calls. A recursion that
 * reaches as far costs ten times as much. StackExhaustionTest and StackOverflowTest show on each JVM whether it holds.
 *
 * <p>That method must not be inlined: each method that contained it would fail at its beginning, too, and some of them
 * run after the change. It is therefore larger than what HotSpot inlines (its flag FreqInlineSize, 325 bytes).
 */
public final class StackReach {
    private StackReach() {}

    /**
     * Does nothing, or throws before anything has been done.
     *
     * @throws StackOverflowError if there are less than some 16 KiB left, of which starting a thread takes a quarter
     */
    public static void check() {
        if (reach(0) != 0) {
            throw new AssertionError();
        }
    }

    /** 1,000 variables of two words each, and more code than is inlined, which never runs. */
    @SuppressWarnings("UnusedVariable")
    private static int reach(int never) {
        // spotless:off
        long aaa, aab, aac, aad, aae, aaf, aag, aah, aai, aaj, aak, aal, aam, aan, aao, aap, aaq, aar, aas, aat,
                aau, aav, aaw, aax, aay, aaz, aba, abb, abc, abd, abe, abf, abg, abh, abi, abj, abk, abl, abm, abn, abo,
                abp, abq, abr, abt, abu, abv, abw, abx, aby, abz, aca, acb, acc, acd, ace, acf, acg, ach, aci, acj, ack,
                acl, acm, acn, aco, acp, acq, acr, acs, act, acu, acv, acw, acx, acy, acz, ada, adb, adc, add, ade, adf,
                adg, adh, adi, adj, adk, adl, adm, adn, ado, adp, adq, adr, ads, adt, adu, adv, adw, adx, ady, adz, aea,
                aeb, aec, aed, aee, aef, aeg, aeh, aei, aej, aek, ael, aem, aen, aeo, aep, aeq, aer, aes, aet, aeu, aev,
                aew, aex, aey, aez, afa, afb, afc, afd, afe, aff, afg, afh, afi, afj, afk, afl, afm, afn, afo, afp, afq,
                afr, afs, aft, afu, afv, afw, afx, afy, afz, aga, agb, agc, agd, age, agf, agg, agh, agi, agj, agk, agl,
                agm, agn, ago, agp, agq, agr, ags, agt, agu, agv, agw, agx, agy, agz, aha, ahb, ahc, ahd, ahe, ahf, ahg,
                ahh, ahi, ahj, ahk, ahl, ahm, ahn, aho, ahp, ahq, ahr, ahs, aht, ahu, ahv, ahw, ahx, ahy, ahz, aia, aib,
                aic, aid, aie, aif, aig, aih, aii, aij, aik, ail, aim, ain, aio, aip, aiq, air, ais, ait, aiu, aiv, aiw,
                aix, aiy, aiz, aja, ajb, ajc, ajd, aje, ajf, ajg, ajh, aji, ajj, ajk, ajl, ajm, ajn, ajo, ajp, ajq, ajr,
                ajs, ajt, aju, ajv, ajw, ajx, ajy, ajz, aka, akb, akc, akd, ake, akf, akg, akh, aki, akj, akk, akl, akm,
                akn, ako, akp, akq, akr, aks, akt, aku, akv, akw, akx, aky, akz, ala, alb, alc, ald, ale, alf, alg, alh,
                ali, alj, alk, all, alm, aln, alo, alp, alq, alr, als, alt, alu, alv, alw, alx, aly, alz, ama, amb, amc,
                amd, ame, amf, amg, amh, ami, amj, amk, aml, amm, amn, amo, amp, amq, amr, ams, amt, amu, amv, amw, amx,
                amy, amz, ana, anb, anc, and, ane, anf, ang, anh, ani, anj, ank, anl, anm, ann, ano, anp, anq, anr, ans,
                ant, anu, anv, anw, anx, any, anz, aoa, aob, aoc, aod, aoe, aof, aog, aoh, aoi, aoj, aok, aol, aom, aon,
                aoo, aop, aoq, aor, aos, aot, aou, aov, aow, aox, aoy, aoz, apa, apb, apc, apd, ape, apf, apg, aph, api,
                apj, apk, apl, apm, apn, apo, app, apq, apr, aps, apt, apu, apv, apw, apx, apy, apz, aqa, aqb, aqc, aqd,
                aqe, aqf, aqg, aqh, aqi, aqj, aqk, aql, aqm, aqn, aqo, aqp, aqq, aqr, aqs, aqt, aqu, aqv, aqw, aqx, aqy,
                aqz, ara, arb, arc, ard, are, arf, arg, arh, ari, arj, ark, arl, arm, arn, aro, arp, arq, arr, ars, art,
                aru, arv, arw, arx, ary, arz, asa, asb, asc, asd, ase, asf, asg, ash, asi, asj, ask, asl, asm, asn, aso,
                asp, asq, asr, ass, ast, asu, asv, asw, asx, asy, asz, ata, atb, atc, atd, ate, atf, atg, ath, ati, atj,
                atk, atl, atm, atn, ato, atp, atq, atr, ats, att, atu, atv, atw, atx, aty, atz, aua, aub, auc, aud, aue,
                auf, aug, auh, aui, auj, auk, aul, aum, aun, auo, aup, auq, aur, aus, aut, auu, auv, auw, aux, auy, auz,
                ava, avb, avc, avd, ave, avf, avg, avh, avi, avj, avk, avl, avm, avn, avo, avp, avq, avr, avs, avt, avu,
                avv, avw, avx, avy, avz, awa, awb, awc, awd, awe, awf, awg, awh, awi, awj, awk, awl, awm, awn, awo, awp,
                awq, awr, aws, awt, awu, awv, aww, awx, awy, awz, axa, axb, axc, axd, axe, axf, axg, axh, axi, axj, axk,
                axl, axm, axn, axo, axp, axq, axr, axs, axt, axu, axv, axw, axx, axy, axz, aya, ayb, ayc, ayd, aye, ayf,
                ayg, ayh, ayi, ayj, ayk, ayl, aym, ayn, ayo, ayp, ayq, ayr, ays, ayt, ayu, ayv, ayw, ayx, ayy, ayz, aza,
                azb, azc, azd, aze, azf, azg, azh, azi, azj, azk, azl, azm, azn, azo, azp, azq, azr, azs, azt, azu, azv,
                azw, azx, azy, azz, baa, bab, bac, bad, bae, baf, bag, bah, bai, baj, bak, bal, bam, ban, bao, bap, baq,
                bar, bas, bat, bau, bav, baw, bax, bay, baz, bba, bbb, bbc, bbd, bbe, bbf, bbg, bbh, bbi, bbj, bbk, bbl,
                bbm, bbn, bbo, bbp, bbq, bbr, bbs, bbt, bbu, bbv, bbw, bbx, bby, bbz, bca, bcb, bcc, bcd, bce, bcf, bcg,
                bch, bci, bcj, bck, bcl, bcm, bcn, bco, bcp, bcq, bcr, bcs, bct, bcu, bcv, bcw, bcx, bcy, bcz, bda, bdb,
                bdc, bdd, bde, bdf, bdg, bdh, bdi, bdj, bdk, bdl, bdm, bdn, bdo, bdp, bdq, bdr, bds, bdt, bdu, bdv, bdw,
                bdx, bdy, bdz, bea, beb, bec, bed, bee, bef, beg, beh, bei, bej, bek, bel, bem, ben, beo, bep, beq, ber,
                bes, bet, beu, bev, bew, bex, bey, bez, bfa, bfb, bfc, bfd, bfe, bff, bfg, bfh, bfi, bfj, bfk, bfl, bfm,
                bfn, bfo, bfp, bfq, bfr, bfs, bft, bfu, bfv, bfw, bfx, bfy, bfz, bga, bgb, bgc, bgd, bge, bgf, bgg, bgh,
                bgi, bgj, bgk, bgl, bgm, bgn, bgo, bgp, bgq, bgr, bgs, bgt, bgu, bgv, bgw, bgx, bgy, bgz, bha, bhb, bhc,
                bhd, bhe, bhf, bhg, bhh, bhi, bhj, bhk, bhl, bhm, bhn, bho, bhp, bhq, bhr, bhs, bht, bhu, bhv, bhw, bhx,
                bhy, bhz, bia, bib, bic, bid, bie, bif, big, bih, bii, bij, bik, bil, bim, bin, bio, bip, biq, bir, bis,
                bit, biu, biv, biw, bix, biy, biz, bja, bjb, bjc, bjd, bje, bjf, bjg, bjh, bji, bjj, bjk, bjl, bjm, bjn,
                bjo, bjp, bjq, bjr, bjs, bjt, bju, bjv, bjw, bjx, bjy, bjz, bka, bkb, bkc, bkd, bke, bkf, bkg, bkh, bki,
                bkj, bkk, bkl, bkm, bkn, bko, bkp, bkq, bkr, bks, bkt, bku, bkv, bkw, bkx, bky, bkz, bla, blb, blc, bld,
                ble, blf, blg, blh, bli, blj, blk, bll, blm, bln, blo, blp, blq, blr, bls, blt, blu, blv, blw, blx, bly,
                blz, bma, bmb, bmc, bmd, bme, bmf, bmg, bmh, bmi, bmj, bmk, bml, bmm;
        // spotless:on
        if (never == 0) {
            return 0;
        }
        // spotless:off
        return again(1) + again(2) + again(3) + again(4) + again(5) + again(6) + again(7) + again(8) + again(9)
                + again(10) + again(11) + again(12) + again(13) + again(14) + again(15) + again(16) + again(17)
                + again(18) + again(19) + again(20) + again(21) + again(22) + again(23) + again(24) + again(25)
                + again(26) + again(27) + again(28) + again(29) + again(30) + again(31) + again(32) + again(33)
                + again(34) + again(35) + again(36) + again(37) + again(38) + again(39) + again(40) + again(41)
                + again(42) + again(43) + again(44) + again(45) + again(46) + again(47) + again(48) + again(49)
                + again(50) + again(51) + again(52) + again(53) + again(54) + again(55) + again(56) + again(57)
                + again(58) + again(59) + again(60) + again(61) + again(62) + again(63) + again(64) + again(65)
                + again(66) + again(67) + again(68) + again(69) + again(70);
        // spotless:on
    }

    /** A call, with which the compilers note how much stack the interpreted form takes. */
    private static int again(int times) {
        return reach(times);
    }
}
